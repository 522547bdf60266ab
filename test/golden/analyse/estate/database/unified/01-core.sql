-- 01: people, keys, sessions, settings and who did what.
-- Everything after this needs it.

create extension if not exists "uuid-ossp";
create extension if not exists "pgcrypto";
create extension if not exists vector;

create or replace function update_updated_at_column() returns trigger as $$
begin
    new.updated_at = now();
    return new;
end;
$$ language plpgsql;

create table if not exists users (
    id uuid primary key default uuid_generate_v4(),
    username varchar(50) not null unique,
    email varchar(255) not null unique,
    password_hash varchar(255) not null,
    role varchar(20) default 'user' check (role in ('admin', 'user', 'readonly')),
    is_active boolean default true,
    is_vip boolean default false,
    created_at timestamp with time zone default now(),
    updated_at timestamp with time zone default now(),
    last_login timestamp with time zone,
    preferences jsonb default '{}',
    metadata jsonb default '{}'
);

create index if not exists idx_users_lower_email on users (lower(email));

create trigger users_touch before update on users
    for each row execute function update_updated_at_column();

-- Web sign-ins; the token itself is never kept
create table if not exists sessions (
    id uuid primary key default uuid_generate_v4(),
    user_id uuid references users(id) on delete cascade,
    token_hash varchar(255) not null unique,
    ip_address inet,
    user_agent text,
    expires_at timestamp with time zone not null,
    created_at timestamp with time zone default now(),
    last_activity timestamp with time zone default now()
);

create index if not exists idx_sessions_user_id on sessions (user_id);
create index if not exists idx_sessions_expires_at on sessions (expires_at);

comment on table sessions is 'A signed-in browser of a user: token, address, user agent and when it expires';

create table if not exists api_keys (
    id uuid primary key default uuid_generate_v4(),
    user_id uuid references users(id) on delete cascade,
    key_hash varchar(255) not null unique,
    name varchar(100) not null,
    permissions jsonb default '{}',
    last_used timestamp with time zone,
    expires_at timestamp with time zone,
    is_active boolean default true,
    created_at timestamp with time zone default now()
);

create table if not exists system_config (
    id uuid primary key default uuid_generate_v4(),
    key varchar(255) not null unique,
    value jsonb not null,
    category varchar(100) not null,
    description text,
    is_sensitive boolean default false,
    updated_by uuid references users(id),
    updated_at timestamp with time zone default now()
);

create index if not exists idx_system_config_category on system_config (category);
create index if not exists idx_system_config_updated_by on system_config (updated_by);

-- Append only
create table if not exists audit_log (
    id uuid primary key default uuid_generate_v4(),
    user_id uuid references users(id) on delete set null,
    action varchar(100) not null,
    entity_type varchar(100),
    entity_id varchar(255),
    old_values jsonb,
    new_values jsonb,
    ip_address inet,
    user_agent text,
    created_at timestamp with time zone default now()
);

create index if not exists idx_audit_log_entity_type_entity_id on audit_log (entity_type, entity_id);
create index if not exists idx_audit_log_created_at on audit_log (created_at desc);
create index if not exists idx_audit_log_user_id on audit_log (user_id);

insert into system_config (key, value, category, description, is_sensitive) values
    ('session.hours', '12', 'security', 'How long a sign-in lasts', false),
    ('password.min_length', '14', 'security', 'Shorter passwords are refused; see the policy', false),
    ('openai.api_key', '"${OPENAI_API_KEY}"', 'models', 'Filled in by the installer', true),
    ('briefing.hour', '7', 'schedule', 'Morning briefing; don''t send earlier', false)
on conflict (key) do nothing;
