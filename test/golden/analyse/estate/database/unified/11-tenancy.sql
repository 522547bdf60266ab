-- 11: tenants. A company is a customer of ours with members; a town is one of its working areas.

create table if not exists companies (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique,
    name text not null,
    created_at timestamptz default now(),
    metadata jsonb default '{}'
);

create table if not exists towns (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique,
    name text not null,
    created_at timestamptz default now(),
    metadata jsonb default '{}'
);

create table if not exists company_members (
    id uuid primary key default gen_random_uuid(),
    company_id uuid not null references companies(id) on delete cascade,
    user_id uuid not null references users(id) on delete cascade,
    role text not null check (role in ('owner', 'admin', 'manager', 'employee', 'contractor')),
    created_at timestamptz default now(),
    unique (company_id, user_id)
);

create index if not exists idx_company_members_user_id on company_members (user_id);

alter table company_members enable row level security;
alter table company_members force row level security;
create policy company_members_tenant on company_members
    using (company_members.company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists company_towns (
    id uuid primary key default gen_random_uuid(),
    company_id uuid not null references companies(id) on delete cascade,
    town_id uuid not null references towns(id) on delete cascade,
    settings jsonb default '{}',
    created_at timestamptz default now(),
    unique (company_id, town_id)
);

create index if not exists idx_company_towns_town_id on company_towns (town_id);

alter table company_towns enable row level security;
alter table company_towns force row level security;
create policy company_towns_tenant on company_towns
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

alter table conversations add column if not exists company_id uuid references companies(id);
alter table conversations add column if not exists town_id uuid references towns(id);
alter table conversations add column if not exists created_by uuid references users(id);
create index if not exists idx_conversations_company on conversations (company_id);
create index if not exists idx_conversations_town on conversations (town_id);
create index if not exists idx_conversations_created_by on conversations (created_by);

alter table messages add column if not exists company_id uuid references companies(id);
alter table messages add column if not exists town_id uuid references towns(id);
alter table messages add column if not exists created_by uuid references users(id);
create index if not exists idx_messages_company on messages (company_id);
create index if not exists idx_messages_town on messages (town_id);
create index if not exists idx_messages_created_by on messages (created_by);

alter table sticky_notes add column if not exists company_id uuid references companies(id);
alter table sticky_notes add column if not exists town_id uuid references towns(id);
alter table sticky_notes add column if not exists created_by uuid references users(id);
create index if not exists idx_sticky_notes_company on sticky_notes (company_id);
create index if not exists idx_sticky_notes_town on sticky_notes (town_id);
create index if not exists idx_sticky_notes_created_by on sticky_notes (created_by);

insert into companies (slug, name) values ('aurora', 'Aurora'), ('fluenti', 'Fluenti')
on conflict (slug) do nothing;
insert into towns (slug, name) values ('aurora', 'Aurora'), ('fluenti', 'Fluenti'), ('vengeance', 'Vengeance')
on conflict (slug) do nothing;

insert into company_towns (company_id, town_id)
select c.id, t.id from companies c join towns t on t.slug = c.slug;

create or replace view my_companies as
select c.id, c.slug, c.name, m.role
from companies c
join company_members m on m.company_id = c.id;

comment on table company_members is 'Who works for which tenant, and as what';
comment on table company_towns is 'Which working areas a tenant has';
