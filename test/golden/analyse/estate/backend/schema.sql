-- Robbie's memory: conversations, the mood of the moment and how it got there.
-- Run once against the database of the Memory API:  psql "$DATABASE_URL" -f backend/schema.sql

CREATE EXTENSION IF NOT EXISTS vector;

-- What was said, and in which mood
CREATE TABLE IF NOT EXISTS conversations (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    user_message TEXT NOT NULL,
    robbie_response TEXT,
    mood TEXT NOT NULL,  -- friendly, focused, playful, bossy, surprised, blushing
    attraction_level INTEGER NOT NULL CHECK (attraction_level BETWEEN 1 AND 11),
    gandhi_genghis_level INTEGER DEFAULT 5 CHECK (gandhi_genghis_level BETWEEN 1 AND 10),
    context_tags TEXT[],
    user_id TEXT DEFAULT 'allan',
    session_id TEXT,
    embedding VECTOR(1536)  -- text-embedding-3-small
);

CREATE INDEX IF NOT EXISTS idx_conversations_timestamp_DESC ON conversations (timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_conversations_user_id ON conversations (user_id);
CREATE INDEX IF NOT EXISTS idx_conversations_mood ON conversations (mood);
CREATE INDEX IF NOT EXISTS idx_conversations_session_id ON conversations (session_id);
CREATE INDEX IF NOT EXISTS idx_conversations_context_tags ON conversations USING GIN (context_tags);
CREATE INDEX IF NOT EXISTS idx_conversations_embedding ON conversations
    USING ivfflat (embedding vector_cosine_ops) WITH (lists = 100);

-- One row for everybody
CREATE TABLE IF NOT EXISTS current_mood (
    id INTEGER PRIMARY KEY DEFAULT 1,
    mood TEXT NOT NULL,
    attraction_level INTEGER NOT NULL CHECK (attraction_level BETWEEN 1 AND 11),
    gandhi_genghis_level INTEGER DEFAULT 5 NOT NULL CHECK (gandhi_genghis_level BETWEEN 1 AND 10),
    last_updated TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    user_id TEXT DEFAULT 'allan',
    CONSTRAINT current_mood_single CHECK (id = 1)
);

-- Every change of mood
CREATE TABLE IF NOT EXISTS mood_history (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    mood TEXT NOT NULL,
    trigger_event TEXT,
    duration_minutes INTEGER,
    user_id TEXT DEFAULT 'allan',
    attraction_level INTEGER,
    gandhi_genghis_level INTEGER
);

CREATE INDEX IF NOT EXISTS idx_mood_history_timestamp_DESC ON mood_history (timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_mood_history_user_id ON mood_history (user_id);

INSERT INTO current_mood (id, mood, attraction_level, gandhi_genghis_level)
VALUES (1, 'friendly', 7, 5)
ON CONFLICT (id) DO NOTHING;

-- Nearest conversations first.
CREATE OR REPLACE FUNCTION recall_conversations(wanted vector(1536), how_many INTEGER DEFAULT 5)
RETURNS TABLE (id INTEGER, user_message TEXT, robbie_response TEXT, similarity DOUBLE PRECISION)
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.user_message, c.robbie_response, 1 - (c.embedding <=> wanted)
    FROM conversations c
    WHERE c.embedding IS NOT NULL
    ORDER BY c.embedding <=> wanted
    LIMIT how_many;
$$;
