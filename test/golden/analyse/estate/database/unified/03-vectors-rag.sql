-- 03: documents, their pieces and everything that is searched by meaning.

CREATE TABLE IF NOT EXISTS documents (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    filename VARCHAR(500),
    file_path TEXT,
    file_hash VARCHAR(64),
    file_size_bytes BIGINT,
    mime_type VARCHAR(100),
    content_extracted TEXT,
    metadata JSONB DEFAULT '{}',
    processing_status VARCHAR(50) DEFAULT 'pending',
    processing_error TEXT,
    chunk_count INTEGER DEFAULT 0,
    word_count INTEGER DEFAULT 0,
    page_count INTEGER DEFAULT 0,
    language VARCHAR(10) DEFAULT 'en',
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    processed_at TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS idx_documents_file_hash ON documents (file_hash);
CREATE INDEX IF NOT EXISTS idx_documents_processing_status ON documents (processing_status);
CREATE INDEX IF NOT EXISTS idx_documents_user_id ON documents (user_id);

CREATE TABLE IF NOT EXISTS embeddings (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    content TEXT NOT NULL,
    embedding VECTOR(1536),
    metadata JSONB DEFAULT '{}',
    source_type VARCHAR(50),
    source_url TEXT,
    document_id VARCHAR(255),
    chunk_index INTEGER,
    chunk_total INTEGER,
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    is_public BOOLEAN DEFAULT FALSE,
    language VARCHAR(10) DEFAULT 'en',
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    accessed_count INTEGER DEFAULT 0,
    last_accessed TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS idx_embeddings_document_id_chunk_index ON embeddings (document_id, chunk_index);
CREATE INDEX IF NOT EXISTS idx_embeddings_metadata ON embeddings USING GIN (metadata);
CREATE INDEX IF NOT EXISTS idx_embeddings_user_id ON embeddings (user_id);
CREATE INDEX IF NOT EXISTS idx_embeddings_embedding ON embeddings
    USING ivfflat (embedding vector_cosine_ops) WITH (lists = 100);

CREATE TABLE IF NOT EXISTS knowledge_base (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    topic VARCHAR(255) NOT NULL,
    title VARCHAR(500),
    content TEXT NOT NULL,
    summary TEXT,
    embedding VECTOR(1536),
    category VARCHAR(100),
    importance_score INTEGER DEFAULT 5,
    confidence_score DOUBLE PRECISION,
    source_references TEXT[],
    related_topics TEXT[],
    prerequisites TEXT[],
    user_id UUID REFERENCES users(id) ON DELETE SET NULL,
    is_verified BOOLEAN DEFAULT FALSE,
    verified_by UUID REFERENCES users(id),
    is_public BOOLEAN DEFAULT FALSE,
    view_count INTEGER DEFAULT 0,
    helpful_count INTEGER DEFAULT 0,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW(),
    expires_at TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS idx_knowledge_base_category ON knowledge_base (category);
CREATE INDEX IF NOT EXISTS idx_knowledge_base_user_id ON knowledge_base (user_id);
CREATE INDEX IF NOT EXISTS idx_knowledge_base_verified_by ON knowledge_base (verified_by);
CREATE INDEX IF NOT EXISTS idx_knowledge_base_embedding ON knowledge_base USING hnsw (embedding vector_cosine_ops);

CREATE TABLE IF NOT EXISTS search_history (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    query_embedding VECTOR(1536),
    search_type VARCHAR(50),
    filters JSONB,
    results_count INTEGER DEFAULT 0,
    top_results JSONB,
    execution_time_ms INTEGER,
    user_feedback VARCHAR(20),
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_search_history_created_at ON search_history (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_search_history_user_id ON search_history (user_id);

CREATE TABLE IF NOT EXISTS embedding_cache (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    cache_key VARCHAR(255) NOT NULL UNIQUE,
    embedding VECTOR(1536),
    metadata JSONB DEFAULT '{}',
    hit_count INTEGER DEFAULT 0,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_embedding_cache_expires_at ON embedding_cache (expires_at);

CREATE TABLE IF NOT EXISTS embedding_collections (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    name VARCHAR(255) NOT NULL,
    description TEXT,
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    is_public BOOLEAN DEFAULT FALSE,
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT NOW(),
    updated_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_embedding_collections_user_id ON embedding_collections (user_id);

CREATE TABLE IF NOT EXISTS embedding_collection_items (
    collection_id UUID NOT NULL REFERENCES embedding_collections(id) ON DELETE CASCADE,
    embedding_id UUID NOT NULL REFERENCES embeddings(id) ON DELETE CASCADE,
    added_at TIMESTAMPTZ DEFAULT NOW(),
    added_by UUID REFERENCES users(id),
    notes TEXT,
    PRIMARY KEY (collection_id, embedding_id)
);

CREATE INDEX IF NOT EXISTS idx_embedding_collection_items_embedding_id ON embedding_collection_items (embedding_id);
CREATE INDEX IF NOT EXISTS idx_embedding_collection_items_added_by ON embedding_collection_items (added_by);

-- Half by words, half by meaning.
CREATE OR REPLACE FUNCTION search_knowledge(wanted VECTOR(1536), words TEXT, how_many INTEGER DEFAULT 10)
RETURNS TABLE (id UUID, title VARCHAR, score DOUBLE PRECISION) LANGUAGE sql STABLE AS $$
    SELECT k.id, k.title,
           0.5 * (1 - (k.embedding <=> wanted))
         + 0.5 * ts_rank(to_tsvector('english', k.content), plainto_tsquery('english', words))
    FROM knowledge_base k
    ORDER BY 3 DESC
    LIMIT how_many
$$;
