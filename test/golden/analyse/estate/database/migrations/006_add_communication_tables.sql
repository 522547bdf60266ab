-- Mail, Slack, and whom to write to next.

create table if not exists email_threads (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    contact_id uuid references contacts(id) on delete set null,
    subject text not null,
    thread_id text,
    last_message_at timestamptz,
    message_count integer default 0,
    is_unread boolean default false,
    is_important boolean default false,
    requires_response boolean default false,
    sentiment text,
    tags text[],
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_email_threads_last_message_at on email_threads (last_message_at desc);
create index if not exists idx_email_threads_org_id on email_threads (org_id);
create index if not exists idx_email_threads_user_id on email_threads (user_id);
create index if not exists idx_email_threads_contact_id on email_threads (contact_id);

create table if not exists email_messages (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    thread_id uuid references email_threads(id) on delete cascade,
    message_id text unique,
    from_email text not null,
    to_emails text[],
    cc_emails text[],
    subject text,
    body_text text,
    body_html text,
    is_from_user boolean default false,
    sent_at timestamptz,
    received_at timestamptz,
    embedding vector(1536),
    created_at timestamptz default now()
);

create index if not exists idx_email_messages_org_id on email_messages (org_id);
create index if not exists idx_email_messages_thread_id on email_messages (thread_id);
create index if not exists idx_email_messages_embedding on email_messages
    using ivfflat (embedding vector_cosine_ops) with (lists = 100);

create table if not exists slack_messages (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    channel_id text not null,
    channel_name text,
    message_ts text not null,
    thread_ts text,
    user_slack_id text not null,
    username text,
    text text not null,
    is_from_bot boolean default false,
    is_important boolean default false,
    requires_action boolean default false,
    sentiment text,
    embedding vector(1536),
    posted_at timestamptz not null,
    created_at timestamptz default now(),
    unique (channel_id, message_ts)
);

create index if not exists idx_slack_messages_posted_at on slack_messages (posted_at desc);
create index if not exists idx_slack_messages_org_id on slack_messages (org_id);
create index if not exists idx_slack_messages_user_id on slack_messages (user_id);
create index if not exists idx_slack_messages_embedding on slack_messages using hnsw (embedding vector_cosine_ops);

create table if not exists touch_ready_queue (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    contact_id uuid not null references contacts(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    touch_type text,
    priority text default 'medium',
    suggested_message text,
    ai_confidence numeric(3,2),
    reason text,
    context jsonb,
    status text default 'ready',
    scheduled_for timestamptz,
    sent_at timestamptz,
    dismissed_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_touch_ready_queue_org_id on touch_ready_queue (org_id);
create index if not exists idx_touch_ready_queue_user_id on touch_ready_queue (user_id);
create index if not exists idx_touch_ready_queue_contact_id on touch_ready_queue (contact_id);

create table if not exists communication_analytics (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    date date not null,
    emails_sent integer,
    emails_received integer,
    emails_responded_to integer,
    avg_response_time_hours numeric(10,2),
    slack_messages_sent integer,
    slack_messages_received integer,
    touches_completed integer,
    time_saved_minutes integer,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (org_id, user_id, date)
);

create index if not exists idx_communication_analytics_user_id on communication_analytics (user_id);
