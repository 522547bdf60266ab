-- 08: one state of the AI in every interface. Worked in the desktop app, moved here as it was.
-- Mood is 1 to 7, with 4 for neutral.

CREATE TABLE IF NOT EXISTS ai_personalities (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    description TEXT,
    base_traits JSONB,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    active BOOLEAN DEFAULT TRUE
);

COMMENT ON TABLE ai_personalities IS 'An AI personality people can talk to: name, role and how it behaves';

CREATE TABLE IF NOT EXISTS ai_personality_state (
    personality_id TEXT PRIMARY KEY REFERENCES ai_personalities(id),
    current_mood INTEGER DEFAULT 4 CHECK (current_mood BETWEEN 1 AND 7),
    current_mode TEXT,
    energy_level TEXT DEFAULT 'normal',
    focus_state TEXT DEFAULT 'available',
    last_state_change TIMESTAMP,
    state_metadata JSONB,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS ai_personality_instances (
    id TEXT PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    interface_type TEXT NOT NULL,
    interface_id TEXT NOT NULL,
    user_id TEXT,
    started_at TIMESTAMP,
    last_active TIMESTAMP,
    status TEXT DEFAULT 'active'
);

CREATE INDEX IF NOT EXISTS idx_ai_personality_instances_personality_id ON ai_personality_instances (personality_id);

CREATE TABLE IF NOT EXISTS ai_conversation_contexts (
    id TEXT PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    user_id TEXT NOT NULL,
    interface_type TEXT NOT NULL,
    conversation_summary TEXT,
    active_topics JSONB,
    last_messages JSONB,
    started_at TIMESTAMP,
    last_message_at TIMESTAMP,
    status TEXT DEFAULT 'active'
);

CREATE INDEX IF NOT EXISTS idx_ai_conversation_contexts_personality_id ON ai_conversation_contexts (personality_id);

CREATE TABLE IF NOT EXISTS ai_working_memory (
    id SERIAL PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    memory_type TEXT NOT NULL,
    content TEXT NOT NULL,
    priority INTEGER DEFAULT 5,
    expires_at TIMESTAMP,
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    reminded BOOLEAN DEFAULT FALSE
);

CREATE INDEX IF NOT EXISTS idx_ai_working_memory_personality_id_priority ON ai_working_memory (personality_id, priority DESC);

CREATE TABLE IF NOT EXISTS ai_commitments (
    id TEXT PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    commitment_text TEXT NOT NULL,
    committed_to TEXT,
    deadline TIMESTAMP NOT NULL,
    status TEXT DEFAULT 'active',
    priority INTEGER DEFAULT 5,
    progress_notes JSONB,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    created_by TEXT,
    completed_at TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_commitments_deadline ON ai_commitments (deadline);
CREATE INDEX IF NOT EXISTS idx_ai_commitments_personality_id ON ai_commitments (personality_id);

CREATE TABLE IF NOT EXISTS ai_commitment_reminders (
    id SERIAL PRIMARY KEY,
    commitment_id TEXT NOT NULL REFERENCES ai_commitments(id) ON DELETE CASCADE,
    remind_at TIMESTAMP NOT NULL,
    reminder_type TEXT,
    sent BOOLEAN DEFAULT FALSE,
    sent_at TIMESTAMP,
    interfaces_notified JSONB
);

CREATE INDEX IF NOT EXISTS idx_ai_commitment_reminders_remind_at ON ai_commitment_reminders (remind_at);
CREATE INDEX IF NOT EXISTS idx_ai_commitment_reminders_commitment_id ON ai_commitment_reminders (commitment_id);

CREATE TABLE IF NOT EXISTS ai_calendar_events (
    id TEXT PRIMARY KEY,
    event_title TEXT NOT NULL,
    event_description TEXT,
    start_time TIMESTAMP NOT NULL,
    end_time TIMESTAMP,
    location TEXT,
    event_type TEXT,
    attendees JSONB,
    preparation_notes TEXT,
    relevant_personalities JSONB,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    external_id TEXT,
    source TEXT
);

CREATE INDEX IF NOT EXISTS idx_ai_calendar_events_start_time ON ai_calendar_events (start_time);

CREATE TABLE IF NOT EXISTS ai_calendar_reminders (
    id SERIAL PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES ai_calendar_events(id) ON DELETE CASCADE,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    interface_type TEXT NOT NULL,
    reminded_at TIMESTAMP NOT NULL,
    minutes_before INTEGER,
    response TEXT
);

CREATE INDEX IF NOT EXISTS idx_ai_calendar_reminders_event_id ON ai_calendar_reminders (event_id);
CREATE INDEX IF NOT EXISTS idx_ai_calendar_reminders_personality_id ON ai_calendar_reminders (personality_id);

CREATE TABLE IF NOT EXISTS ai_notifications (
    id TEXT PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    notification_type TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    action_required BOOLEAN DEFAULT FALSE,
    action_url TEXT,
    target_interfaces JSONB,
    priority INTEGER DEFAULT 5,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    expires_at TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_notifications_personality_id ON ai_notifications (personality_id);

CREATE TABLE IF NOT EXISTS ai_notification_delivery (
    id SERIAL PRIMARY KEY,
    notification_id TEXT NOT NULL REFERENCES ai_notifications(id) ON DELETE CASCADE,
    interface_type TEXT NOT NULL,
    interface_id TEXT NOT NULL,
    delivered_at TIMESTAMP,
    acknowledged BOOLEAN DEFAULT FALSE,
    acknowledged_at TIMESTAMP,
    user_response TEXT
);

CREATE INDEX IF NOT EXISTS idx_ai_notification_delivery_notification_id ON ai_notification_delivery (notification_id);

CREATE TABLE IF NOT EXISTS ai_state_history (
    id SERIAL PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    old_state JSONB,
    new_state JSONB,
    change_reason TEXT,
    changed_by TEXT,
    interface_source TEXT,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_state_history_personality_id ON ai_state_history (personality_id);

CREATE TABLE IF NOT EXISTS ai_activity_log (
    id SERIAL PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    interface_type TEXT NOT NULL,
    interface_id TEXT NOT NULL,
    activity_type TEXT NOT NULL,
    activity_data JSONB,
    user_id TEXT,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_activity_log_timestamp ON ai_activity_log (timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_ai_activity_log_personality_id ON ai_activity_log (personality_id);

CREATE TABLE IF NOT EXISTS ai_behavior_effectiveness (
    id SERIAL PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    behavior_type TEXT NOT NULL,
    context JSONB,
    outcome JSONB,
    effectiveness_score REAL,
    interface_type TEXT,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_behavior_effectiveness_personality_id ON ai_behavior_effectiveness (personality_id);

CREATE TABLE IF NOT EXISTS ai_sync_queue (
    id SERIAL PRIMARY KEY,
    personality_id TEXT NOT NULL REFERENCES ai_personalities(id),
    source_interface TEXT NOT NULL,
    target_interfaces JSONB,
    sync_type TEXT NOT NULL,
    payload JSONB NOT NULL,
    priority INTEGER DEFAULT 5,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    processed BOOLEAN DEFAULT FALSE,
    processed_at TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_ai_sync_queue_processed_priority ON ai_sync_queue (processed, priority);
CREATE INDEX IF NOT EXISTS idx_ai_sync_queue_personality_id ON ai_sync_queue (personality_id);

INSERT INTO ai_personalities (id, name, role, description, base_traits) VALUES
    ('robbie', 'Robbie', 'copilot', 'Runs the day', '{"warmth": 9}'),
    ('steve-jobs', 'Steve Jobs', 'mentor', 'Asks why', '{"warmth": 2}'),
    ('bookkeeper', 'Bookkeeper', 'pro', 'Counts', '{"warmth": 4}'),
    ('gatekeeper', 'Gatekeeper', 'pro', 'Lets nobody by', '{"warmth": 1}')
ON CONFLICT (id) DO NOTHING;

INSERT INTO ai_personality_state (personality_id, current_mode)
SELECT id, 'default' FROM ai_personalities
ON CONFLICT (personality_id) DO NOTHING;

CREATE VIEW ai_personalities_current_state AS
SELECT p.id, p.name, s.current_mood, s.current_mode, s.energy_level, s.focus_state
FROM ai_personalities p
JOIN ai_personality_state s ON s.personality_id = p.id
WHERE p.active = 1;

-- The next 24 hours.
CREATE VIEW ai_upcoming_reminders AS
SELECT r.id, r.remind_at, c.commitment_text, c.personality_id
FROM ai_commitment_reminders r
JOIN ai_commitments c ON c.id = r.commitment_id
WHERE r.remind_at BETWEEN datetime('now') AND datetime('now', '+24 hours');

CREATE VIEW ai_pending_notifications AS
SELECT n.id, n.title, n.message, n.priority, julianday('now') - julianday(n.created_at) AS days_old
FROM ai_notifications n
WHERE n.expires_at IS NULL OR n.expires_at > datetime('now', 'localtime');
