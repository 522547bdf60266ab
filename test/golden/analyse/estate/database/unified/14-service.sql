-- 14: what the services themselves keep.

create table if not exists user_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references users(id) on delete cascade,
    token_jti varchar(255) not null unique,
    node_name varchar(50),
    ip_address varchar(45),
    user_agent text,
    created_at timestamptz default now(),
    expires_at timestamptz not null,
    is_active boolean default true
);

create index if not exists idx_user_sessions_expires_at on user_sessions (expires_at);
create index if not exists idx_user_sessions_user_id on user_sessions (user_id);

comment on table user_sessions is 'A signed-in browser of a user: token, address, user agent and when it expires';

create table if not exists widgets (
    id uuid primary key default gen_random_uuid(),
    name varchar(100) not null unique,
    description text,
    category varchar(50),
    site varchar(50),
    inputs jsonb,
    outputs jsonb,
    demo_url varchar(255),
    code_snippet text,
    price_tier varchar(20),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    metadata jsonb default '{}'
);

create index if not exists idx_widgets_category on widgets (category);

create table if not exists widget_usage (
    id uuid primary key default gen_random_uuid(),
    widget_id uuid references widgets(id) on delete cascade,
    site_name varchar(50),
    usage_count integer default 0,
    last_used timestamptz,
    created_at timestamptz default now(),
    unique (widget_id, site_name)
);

create table if not exists training_jobs (
    id uuid primary key default gen_random_uuid(),
    model_name varchar(100) not null,
    base_model varchar(100) not null,
    training_data text not null,
    epochs integer not null,
    learning_rate double precision not null,
    status varchar(20) default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
    progress double precision default 0,
    current_epoch integer,
    loss double precision,
    eta_minutes integer,
    assigned_node varchar(50),
    created_at timestamptz default now(),
    started_at timestamptz,
    completed_at timestamptz,
    metadata jsonb default '{}'
);

create index if not exists idx_training_jobs_status on training_jobs (status);

create table if not exists secrets (
    id serial primary key,
    service text not null,
    key_name text not null,
    key_value_encrypted text not null,
    scope text default 'global' check (scope in ('global', 'entity')),
    scope_id text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    created_by text,
    unique (service, key_name, scope, scope_id)
);

create table if not exists api_connectivity_status (
    id serial primary key,
    node_name text not null,
    service text not null,
    status text not null,
    response_time_ms integer,
    last_error text,
    last_check timestamptz default now(),
    unique (node_name, service)
);

create table if not exists sync_registry (
    id serial primary key,
    local_id text not null,
    external_id text,
    external_system text not null,
    entity_type text not null,
    last_synced timestamptz not null,
    local_version integer default 1,
    external_version integer default 1,
    sync_status text default 'synced',
    error_message text,
    created_at timestamptz default now(),
    unique (external_system, entity_type, local_id)
);

-- Until the vault is there. To be encrypted.
insert into secrets (service, key_name, key_value_encrypted) values
    ('openai', 'api_key', 'sk-proj-9vTqL2xWm4RbZ7cNd1KfHs8PyUeJ0aGo5iXt3BwV'),
    ('slack', 'signing_secret', '{{ slack_signing_secret }}')
on conflict do nothing;

insert into widgets (name, description, category, site, code_snippet, price_tier) values
    ('Mood ring', 'Shows how Robbie feels; click for why', 'ai', 'aurora', '<robbie-mood town="aurora"></robbie-mood>', 'free'),
    ('Pipeline bar', 'Open deals by stage', 'sales', 'fluenti', '<pipeline-bar stages=''["lead","won"]''></pipeline-bar>', 'pro')
on conflict (name) do nothing;
