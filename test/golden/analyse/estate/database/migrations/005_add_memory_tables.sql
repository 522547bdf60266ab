-- Notes, knowledge, what models cost.
create extension if not exists vector;

create table if not exists sticky_notes (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    content text not null,
    category text,
    importance_score numeric(3,2),
    people_mentioned text[],
    companies_mentioned text[],
    projects_mentioned text[],
    emotional_tone text,
    sharing_potential numeric(3,2),
    celebration_potential numeric(3,2),
    context text,
    source_type text,
    source_metadata jsonb,
    is_private boolean default true,
    permission_requested boolean default false,
    permission_granted boolean default false,
    permission_granted_at timestamptz,
    permission_denied_at timestamptz,
    color text,
    tags text[],
    related_to_id uuid,
    related_to_type text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_sticky_notes_category on sticky_notes (category);
create index if not exists idx_sticky_notes_org_id on sticky_notes (org_id);
create index if not exists idx_sticky_notes_user_id on sticky_notes (user_id);

create table if not exists knowledge_base (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    title text not null,
    content text not null,
    embedding vector(1536),
    category text,
    tags text[],
    source_type text,
    source_id uuid,
    is_public boolean default false,
    access_level text default 'org',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_knowledge_base_org_id on knowledge_base (org_id);
create index if not exists idx_knowledge_base_user_id on knowledge_base (user_id);
create index if not exists idx_knowledge_base_embedding on knowledge_base
    using ivfflat (embedding vector_cosine_ops) with (lists = 100);

create table if not exists personality_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null unique references users(id) on delete cascade,
    flirt_mode integer default 7 check (flirt_mode between 1 and 11),
    gandhi_genghis_level integer default 5 check (gandhi_genghis_level between 1 and 10),
    cocktail_lightning_level integer default 5,
    current_mood text default 'friendly',
    current_expression text default 'smile',
    personality_mode text default 'default',
    updated_at timestamptz default now()
);

create table if not exists mentor_moods (
    id uuid primary key default gen_random_uuid(),
    mentor_id uuid not null references mentors(id) on delete cascade,
    mood_name text not null,
    avatar_url text,
    personality_prompt_override text,
    created_at timestamptz default now(),
    unique (mentor_id, mood_name)
);

create table if not exists ai_model_usage (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    model_name text not null,
    model_provider text not null,
    task_type text,
    input_tokens integer,
    output_tokens integer,
    total_tokens integer default 0,
    cost_usd numeric(10,6),
    latency_ms integer,
    success boolean default true,
    error_message text,
    metadata jsonb default '{}',
    created_at timestamptz default now()
);

create index if not exists idx_ai_model_usage_created_at on ai_model_usage (created_at desc);
create index if not exists idx_ai_model_usage_org_id on ai_model_usage (org_id);
create index if not exists idx_ai_model_usage_user_id on ai_model_usage (user_id);

create table if not exists ai_costs (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    date date not null,
    model_name text not null,
    total_requests integer default 0,
    total_tokens integer default 0,
    total_cost_usd numeric(10,2),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (org_id, date, model_name)
);
