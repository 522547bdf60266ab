-- One row for each change of mood or slider, from whichever interface.

CREATE TABLE IF NOT EXISTS mood_events (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    user_id VARCHAR(50) NOT NULL,
    personality_name VARCHAR(100) NOT NULL,
    previous_mood VARCHAR(50),
    new_mood VARCHAR(50) NOT NULL,
    previous_attraction_level INTEGER,
    new_attraction_level INTEGER,
    previous_gandhi_genghis_level INTEGER,
    new_gandhi_genghis_level INTEGER,
    trigger_event TEXT,
    explanation TEXT,
    context_data JSONB,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_mood_events_user_id_timestamp_DESC ON mood_events (user_id, timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_mood_events_personality_name ON mood_events (personality_name);

COMMENT ON TABLE mood_events IS 'Changes of mood and of both sliders, with what set them off';
