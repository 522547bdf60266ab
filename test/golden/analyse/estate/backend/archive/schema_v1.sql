-- The first cut, before there were sliders. Kept for reference.

CREATE TABLE IF NOT EXISTS current_mood (
    id INTEGER PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    mood TEXT NOT NULL,
    attraction_level INTEGER NOT NULL,
    last_updated TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    user_id TEXT DEFAULT 'allan'
);

CREATE TABLE IF NOT EXISTS mood_history (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    mood TEXT NOT NULL,
    trigger_event TEXT,
    duration_minutes INTEGER,
    user_id TEXT DEFAULT 'allan'
);
