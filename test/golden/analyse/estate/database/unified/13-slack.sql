-- 13: Slack, one workspace or more for each tenant.

create table if not exists slack_workspaces (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    team_id text not null,
    name text,
    created_at timestamptz default now(),
    unique (company_id, team_id)
);

alter table slack_workspaces enable row level security;
alter table slack_workspaces force row level security;
create policy slack_workspaces_tenant on slack_workspaces
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists slack_users (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    team_id text not null,
    user_id text not null,
    email text,
    aurora_user_id uuid references users(id),
    created_at timestamptz default now(),
    unique (team_id, user_id)
);

create index if not exists idx_slack_users_lower_email on slack_users (lower(email));
create index if not exists idx_slack_users_company_id on slack_users (company_id);
create index if not exists idx_slack_users_aurora_user_id on slack_users (aurora_user_id);

alter table slack_users enable row level security;
alter table slack_users force row level security;
create policy slack_users_tenant on slack_users
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists slack_channels (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    team_id text not null,
    channel_id text not null,
    name text,
    created_at timestamptz default now(),
    unique (team_id, channel_id)
);

create index if not exists idx_slack_channels_name on slack_channels (name);
create index if not exists idx_slack_channels_company_id on slack_channels (company_id);

alter table slack_channels enable row level security;
alter table slack_channels force row level security;
create policy slack_channels_tenant on slack_channels
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists slack_messages (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    team_id text not null,
    channel_id text not null,
    ts text not null,
    user_id text,
    text text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    unique (team_id, channel_id, ts)
);

create index if not exists idx_slack_messages_created_at on slack_messages (created_at desc);
create index if not exists idx_slack_messages_user_id on slack_messages (user_id);
create index if not exists idx_slack_messages_metadata on slack_messages using gin (metadata);
create index if not exists idx_slack_messages_company_id on slack_messages (company_id);

alter table slack_messages enable row level security;
alter table slack_messages force row level security;
create policy slack_messages_tenant on slack_messages
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create or replace view slack_channel_activity as
select ch.company_id, ch.name, count(m.id) as messages, max(m.created_at) as last_message
from slack_channels ch
left join slack_messages m on m.team_id = ch.team_id and m.channel_id = ch.channel_id
group by ch.company_id, ch.name;

comment on table slack_workspaces is 'Connected Slack workspaces';
comment on table slack_messages is 'Messages as Slack sends them; ts is its own number';
comment on column slack_users.aurora_user_id is 'The same person here, once matched';
