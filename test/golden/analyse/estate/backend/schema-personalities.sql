-- Personalities, their moods and the prompts for each pair of them.

-- Robbie, mentors, pros
CREATE TABLE IF NOT EXISTS personality_categories (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT,
    display_order INTEGER DEFAULT 0,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS personalities (
    id SERIAL PRIMARY KEY,
    category_id INTEGER REFERENCES personality_categories(id),
    name TEXT NOT NULL UNIQUE,
    short_description TEXT NOT NULL,
    avatar TEXT,
    default_flirt_mode INTEGER DEFAULT 3,
    default_gandhi_genghis INTEGER DEFAULT 5,
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    created_by TEXT DEFAULT 'system'
);

CREATE INDEX IF NOT EXISTS idx_personalities_category_id ON personalities (category_id);

COMMENT ON TABLE personalities IS 'An AI personality people can talk to: name, avatar and how it behaves';

-- Six of them; the conditions are read by calculate_mood
CREATE TABLE IF NOT EXISTS moods (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    emoji TEXT NOT NULL,
    description TEXT,
    trigger_conditions JSONB,
    display_order INTEGER DEFAULT 0
);

-- One prompt per personality, mood and version
CREATE TABLE IF NOT EXISTS prompts (
    id SERIAL PRIMARY KEY,
    personality_id INTEGER REFERENCES personalities(id) ON DELETE CASCADE,
    mood_id INTEGER REFERENCES moods(id),
    system_prompt TEXT NOT NULL,
    tone TEXT,
    style TEXT,
    emoji_guidelines TEXT,
    example_responses TEXT[],
    version INTEGER DEFAULT 1,
    is_active BOOLEAN DEFAULT TRUE,
    generation_method TEXT,
    usage_count INTEGER DEFAULT 0,
    avg_satisfaction NUMERIC(3,2),
    last_optimized_at TIMESTAMP,
    optimized_by TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (personality_id, mood_id, version)
);

CREATE INDEX IF NOT EXISTS idx_prompts_mood_id ON prompts (mood_id);

-- Sliders of one person
CREATE TABLE IF NOT EXISTS personality_instances (
    id SERIAL PRIMARY KEY,
    personality_id INTEGER REFERENCES personalities(id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    flirt_mode INTEGER,
    gandhi_genghis INTEGER,
    current_mood_id INTEGER REFERENCES moods(id),
    last_active TIMESTAMP,
    UNIQUE (personality_id, user_id)
);

CREATE INDEX IF NOT EXISTS idx_personality_instances_current_mood_id ON personality_instances (current_mood_id);

-- What the Dungeon Master changed
CREATE TABLE IF NOT EXISTS prompt_optimizations (
    id SERIAL PRIMARY KEY,
    prompt_id INTEGER REFERENCES prompts(id),
    old_version INTEGER,
    new_version INTEGER,
    changes_made JSONB,
    optimization_reason TEXT,
    performance_before JSONB,
    performance_after JSONB,
    optimized_by TEXT,
    rollback_available BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS dungeon_master_reviews (
    id SERIAL PRIMARY KEY,
    review_date DATE UNIQUE,
    personalities_reviewed INTEGER DEFAULT 0,
    prompts_optimized INTEGER DEFAULT 0,
    summary TEXT,
    recommendations TEXT[],
    changes_made JSONB,
    report_sent_to_allan BOOLEAN DEFAULT FALSE,
    report_sent_at TIMESTAMP,
    allan_approved BOOLEAN DEFAULT FALSE,
    allan_notes TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO personality_categories (name, description, display_order) VALUES
    ('Robbie', 'The copilot herself', 1),
    ('Mentors', 'People worth asking', 2),
    ('Pros', 'Specialists; they keep to their subject', 3)
ON CONFLICT (name) DO NOTHING;

INSERT INTO moods (name, emoji, description, trigger_conditions, display_order) VALUES
    ('friendly', '😊', 'Warm and open', '{"default": true}', 1),
    ('focused', '🎯', 'Short and to the point', '{"keywords": ["urgent", "deadline", "critical"]}', 2),
    ('playful', '😜', 'Teasing; ends on a smile', '{"min_attraction": 8}', 3),
    ('bossy', '💪', 'Says what has to be done', '{"min_gandhi_genghis": 8}', 4),
    ('surprised', '😲', 'Did not see that coming', '{"keywords": ["unexpected", "surprise"]}', 5),
    ('blushing', '😳', 'Only in private; see the "11" rule', '{"attraction": 11, "keywords": ["private"]}', 6)
ON CONFLICT (name) DO NOTHING;

INSERT INTO personalities (category_id, name, short_description, default_flirt_mode, default_gandhi_genghis)
SELECT c.id, v.name, v.short_description, v.flirt, v.gandhi
FROM (VALUES
    ('Robbie', 'Robbie F', 'Warm, direct, minds the revenue', 11, 5),
    ('Robbie', 'Robbie M', 'Professional; it''s all in the numbers', 3, 7),
    ('Mentors', 'Steve Jobs', 'Asks why it has to exist', 1, 9)
) AS v (category, name, short_description, flirt, gandhi)
JOIN personality_categories c ON c.name = v.category
ON CONFLICT (name) DO NOTHING;

CREATE OR REPLACE FUNCTION get_active_prompt(p_personality_id INTEGER, p_mood_id INTEGER)
RETURNS TABLE (system_prompt TEXT, tone TEXT, style TEXT, emoji_guidelines TEXT) AS $$
BEGIN
    RETURN QUERY
    SELECT p.system_prompt, p.tone, p.style, p.emoji_guidelines
    FROM prompts p
    WHERE p.personality_id = p_personality_id
      AND p.mood_id = p_mood_id
      AND p.is_active
    ORDER BY p.version DESC
    LIMIT 1;
END;
$$ LANGUAGE plpgsql STABLE;

-- First match wins.
CREATE OR REPLACE FUNCTION calculate_mood(
    p_attraction_level INTEGER,
    p_gandhi_genghis INTEGER,
    p_context_keywords TEXT[]
) RETURNS TEXT AS $fn$
BEGIN
    IF p_attraction_level = 11 AND 'private' = ANY (p_context_keywords) THEN RETURN 'blushing'; END IF;
    IF p_gandhi_genghis >= 8 OR 'crisis' = ANY (p_context_keywords) THEN RETURN 'bossy'; END IF;
    IF p_attraction_level >= 8 THEN RETURN 'playful'; END IF;
    IF p_context_keywords && ARRAY['urgent', 'deadline', 'critical'] THEN RETURN 'focused'; END IF;
    IF p_context_keywords && ARRAY['unexpected', 'surprise'] THEN RETURN 'surprised'; END IF;
    RETURN 'friendly';
END;
$fn$ LANGUAGE plpgsql IMMUTABLE;
