-- Calendar, tasks and time to think.

create table if not exists calendar_events (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    title text not null,
    description text,
    start_time timestamptz not null,
    end_time timestamptz not null,
    location text,
    event_type text,
    attendees uuid[],
    has_agenda boolean default false,
    agenda text,
    meeting_url text,
    tags text[],
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    check (end_time >= start_time)
);

create index if not exists idx_calendar_events_start_time on calendar_events (start_time);
create index if not exists idx_calendar_events_org_id on calendar_events (org_id);
create index if not exists idx_calendar_events_user_id on calendar_events (user_id);

create table if not exists tasks (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    assigned_to uuid references users(id),
    related_to_id uuid,
    related_to_type text,
    title text not null,
    description text,
    status text default 'todo' check (status in ('todo', 'doing', 'done', 'dropped')),
    priority text default 'medium',
    due_date timestamptz,
    completed_at timestamptz,
    tags text[],
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_tasks_status on tasks (status);
create index if not exists idx_tasks_due_date on tasks (due_date);
create index if not exists idx_tasks_org_id on tasks (org_id);
create index if not exists idx_tasks_user_id on tasks (user_id);
create index if not exists idx_tasks_assigned_to on tasks (assigned_to);

create table if not exists focus_blocks (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid not null references users(id) on delete cascade,
    calendar_event_id uuid references calendar_events(id),
    block_type text,
    energy_level text,
    actual_productivity integer,
    notes text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_focus_blocks_org_id on focus_blocks (org_id);
create index if not exists idx_focus_blocks_user_id on focus_blocks (user_id);
create index if not exists idx_focus_blocks_calendar_event_id on focus_blocks (calendar_event_id);

create table if not exists meeting_health (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    calendar_event_id uuid references calendar_events(id) on delete cascade,
    has_agenda boolean default false,
    duration_minutes integer,
    attendee_count integer default 0,
    health_score integer check (health_score between 0 and 100),
    health_status text,
    issues text[],
    recommendations text[],
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_meeting_health_org_id on meeting_health (org_id);
create index if not exists idx_meeting_health_calendar_event_id on meeting_health (calendar_event_id);

create trigger tasks_touch before update on tasks for each row execute function set_updated_at();
create trigger calendar_events_touch before update on calendar_events for each row execute function set_updated_at();

-- A task that came in by mail.
alter table tasks add column if not exists email_thread_id uuid;
alter table tasks add constraint tasks_email_thread_id_fkey foreign key (email_thread_id) references email_threads(id);
create index if not exists idx_tasks_email_thread on tasks (email_thread_id);

alter table tasks enable row level security;
alter table tasks force row level security;
-- Of the organization, and only one's own or unassigned.
create policy tasks_of_org on tasks for select
    using (org_id = current_setting('app.org_id', true)::uuid);
create policy tasks_own on tasks for select
    using (assigned_to is null or assigned_to = current_setting('app.user_id', true)::uuid);

alter table calendar_events enable row level security;
alter table calendar_events force row level security;
create policy events_read on calendar_events for select
    using (org_id = current_setting('app.org_id', true)::uuid);
create policy events_write on calendar_events for insert
    with check (org_id = current_setting('app.org_id', true)::uuid
                and user_id = current_setting('app.user_id', true)::uuid);
