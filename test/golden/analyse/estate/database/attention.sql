-- One queue for everything that wants Allan.
-- Written on Windows.

CREATE TABLE IF NOT EXISTS allan_attention_queue (
    id SERIAL PRIMARY KEY,
    attention_id TEXT NOT NULL UNIQUE,
    attention_type TEXT NOT NULL,
    source_system TEXT NOT NULL,
    priority_tier TEXT NOT NULL,
    importance_score NUMERIC(5,2) CHECK (importance_score BETWEEN 0 AND 100),
    urgency_score NUMERIC(5,2) CHECK (urgency_score BETWEEN 0 AND 100),
    title TEXT NOT NULL,
    summary TEXT,
    full_content TEXT,
    from_who TEXT,
    related_to TEXT,
    category TEXT[],
    requires_action BOOLEAN DEFAULT FALSE,
    action_type TEXT,
    action_deadline TIMESTAMP,
    status TEXT DEFAULT 'new',
    seen_at TIMESTAMP,
    actioned_at TIMESTAMP,
    dismissed_at TIMESTAMP,
    snoozed_until TIMESTAMP,
    interaction_id INTEGER,
    contact_id INTEGER,
    company_id INTEGER,
    deal_id INTEGER,
    ai_reasoning TEXT,
    ai_suggested_action TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    raw_data JSONB
);

CREATE INDEX IF NOT EXISTS idx_allan_attention_queue_status_importance_score ON allan_attention_queue (status, importance_score DESC);
CREATE INDEX IF NOT EXISTS idx_allan_attention_queue_action_deadline ON allan_attention_queue (action_deadline);

CREATE OR REPLACE VIEW attention_now AS
SELECT id, title, from_who, (importance_score * 0.7 + urgency_score * 0.3) AS rank
FROM allan_attention_queue
WHERE status = 'new' AND (snoozed_until IS NULL OR snoozed_until < CURRENT_TIMESTAMP)
ORDER BY rank DESC
LIMIT 10;
