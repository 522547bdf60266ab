/* 02: talks, their messages, and what is remembered of them.
   /* The old chat tables are not copied; see backend/. */ */

create table if not exists conversations (
    id uuid primary key default uuid_generate_v4(),
    user_id uuid references users(id) on delete cascade,
    title varchar(255),
    type varchar(50) default 'chat' check (type in ('chat', 'support', 'training', 'system', 'vengeance')),
    status varchar(50) default 'active' check (status in ('active', 'archived', 'deleted')),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_message_at timestamptz,
    message_count integer default 0,
    metadata jsonb default '{}',
    tags text[],
    importance_score integer default 5 check (importance_score between 1 and 10)
);

create index if not exists idx_conversations_user_id on conversations (user_id);
create index if not exists idx_conversations_last_message_at on conversations (last_message_at desc);

create trigger conversations_touch before update on conversations
    for each row execute function update_updated_at_column();

create table if not exists messages (
    id uuid primary key default uuid_generate_v4(),
    conversation_id uuid references conversations(id) on delete cascade,
    role varchar(20) not null check (role in ('user', 'assistant', 'system', 'gatekeeper', 'mentor', 'robbie')),
    content text not null,
    embedding vector(1536),
    created_at timestamptz default now(),
    edited_at timestamptz,
    deleted_at timestamptz,
    metadata jsonb default '{}',
    token_count integer default 0,
    model_used varchar(100),
    emotional_tone varchar(50),
    confidence_score double precision,
    parent_message_id uuid references messages(id),
    reaction_emojis jsonb,
    is_pinned boolean default false,
    is_flagged boolean default false,
    flag_reason text
);

create index if not exists idx_messages_conversation_id_created_at on messages (conversation_id, created_at);
create index if not exists idx_messages_parent_message_id on messages (parent_message_id);
create index if not exists idx_messages_embedding on messages
    using ivfflat (embedding vector_cosine_ops) with (lists = 100);

create table if not exists conversation_context (
    id uuid primary key default uuid_generate_v4(),
    conversation_id uuid references conversations(id) on delete cascade,
    context_key varchar(255) not null,
    context_value jsonb not null,
    created_at timestamptz default now(),
    expires_at timestamptz,
    unique (conversation_id, context_key)
);

create table if not exists conversation_analytics (
    id uuid primary key default uuid_generate_v4(),
    conversation_id uuid unique references conversations(id) on delete cascade,
    user_satisfaction_score double precision check (user_satisfaction_score between 0 and 5),
    resolution_time_seconds integer,
    interaction_count integer default 0,
    total_tokens_used integer default 0,
    total_cost_usd numeric(10,6),
    sentiment_analysis jsonb,
    key_topics text[],
    created_at timestamptz default now()
);

create table if not exists ai_memories (
    id uuid primary key default uuid_generate_v4(),
    user_id uuid references users(id) on delete cascade,
    category varchar(100) not null check (category in ('preference', 'fact', 'relationship', 'behavior', 'context', 'skill', 'goal', 'emotion', 'decision', 'feedback')),
    subject varchar(255) not null,
    content text not null,
    embedding vector(1536),
    confidence_level double precision check (confidence_level between 0 and 1),
    importance_level integer default 5,
    evidence_count integer default 0,
    evidence_examples text[],
    source_type varchar(50) check (source_type in ('conversation', 'observation', 'explicit', 'inferred', 'system')),
    source_references uuid[],
    emotional_weight integer,
    associated_people text[],
    contextual_tags text[],
    created_at timestamptz default now(),
    last_accessed timestamptz,
    last_confirmed timestamptz,
    access_count integer default 0,
    decay_rate double precision default 0.95,
    is_core_memory boolean default false,
    expires_at timestamptz
);

create index if not exists idx_ai_memories_user_id_category on ai_memories (user_id, category);
create index if not exists idx_ai_memories_embedding on ai_memories using hnsw (embedding vector_cosine_ops);

create table if not exists ai_mentors (
    id uuid primary key default uuid_generate_v4(),
    name varchar(100) not null unique,
    description text,
    personality_prompt text,
    avatar_url varchar(500),
    voice_settings jsonb,
    behavioral_traits jsonb,
    knowledge_domains text[],
    interaction_style varchar(50),
    emotional_range jsonb,
    tool_permissions text[],
    is_active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    metadata jsonb default '{}'
);

create trigger ai_mentors_touch before update on ai_mentors
    for each row execute function update_updated_at_column();

comment on table ai_mentors is 'An AI personality people can talk to: name, avatar and how it behaves';

insert into ai_mentors (name, description, interaction_style)
values ('Steve Jobs', 'Asks why it has to exist', 'blunt'), ('AllanBot', 'Decides as its owner would', 'mirroring')
on conflict (name) do nothing;
