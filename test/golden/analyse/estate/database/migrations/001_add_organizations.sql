-- Organizations, and who belongs to them.

create table if not exists organizations (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    domain text unique,
    org_type text not null check (org_type in ('customer', 'partner', 'internal')),
    status text default 'active',
    settings jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create table if not exists organization_memberships (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid not null references users(id) on delete cascade,
    role text not null,
    joined_at timestamptz default now(),
    is_active boolean default true,
    unique (org_id, user_id)
);

create index if not exists idx_organization_memberships_user_id on organization_memberships (user_id);

insert into organizations (id, name, org_type) values
    ('00000000-0000-4000-8000-000000000001', 'Home', 'internal');

alter table users add column if not exists org_id uuid not null
    default '00000000-0000-4000-8000-000000000001' references organizations(id);
alter table conversations add column if not exists org_id uuid not null
    default '00000000-0000-4000-8000-000000000001' references organizations(id);
alter table messages add column if not exists org_id uuid not null
    default '00000000-0000-4000-8000-000000000001' references organizations(id);
alter table mentors add column if not exists org_id uuid not null
    default '00000000-0000-4000-8000-000000000001' references organizations(id);

create index if not exists idx_users_org on users (org_id);
create index if not exists idx_conversations_org on conversations (org_id);
create index if not exists idx_messages_org on messages (org_id);
create index if not exists idx_mentors_org on mentors (org_id);
