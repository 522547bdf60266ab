-- 09: what Google Workspace holds. Embeddings are JSON text until pgvector is installed everywhere.
-- The service account's key stays on disk; only its path is kept here, never the key or a password.

create table if not exists google_workspace_domains (
    id serial primary key,
    domain varchar(255) not null unique,
    display_name varchar(255) not null,
    service_account_email varchar(255) not null,
    service_account_key_path text not null,
    client_id varchar(255) not null,
    is_active boolean default true,
    last_sync timestamptz,
    sync_status varchar(50) default 'pending',
    sync_error text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create table if not exists google_workspace_users (
    id uuid primary key default gen_random_uuid(),
    domain_id integer references google_workspace_domains(id),
    email varchar(255) not null unique,
    full_name varchar(255),
    first_name varchar(255),
    last_name varchar(255),
    is_admin boolean default false,
    is_suspended boolean default false,
    last_login timestamptz,
    data_visible_to text[],
    gmail_last_sync timestamptz,
    calendar_last_sync timestamptz,
    drive_last_sync timestamptz,
    tasks_last_sync timestamptz,
    contacts_last_sync timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_google_workspace_users_domain_id on google_workspace_users (domain_id);

create table if not exists gmail_messages (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references google_workspace_users(id) on delete cascade,
    message_id varchar(255) not null unique,
    thread_id varchar(255),
    subject text,
    from_email varchar(255),
    from_name varchar(255),
    to_emails text[],
    cc_emails text[],
    bcc_emails text[],
    body_text text,
    body_html text,
    snippet text,
    embedding_json text,
    labels text[],
    is_unread boolean default false,
    is_starred boolean default false,
    is_important boolean default false,
    has_attachments boolean default false,
    attachment_count integer default 0,
    sent_date timestamptz,
    received_date timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_synced timestamptz
);

create index if not exists idx_gmail_messages_thread_id on gmail_messages (thread_id);
create index if not exists idx_gmail_messages_received_date on gmail_messages (received_date desc);
create index if not exists idx_gmail_messages_user_id on gmail_messages (user_id);

create table if not exists gmail_attachments (
    id uuid primary key default gen_random_uuid(),
    message_id uuid references gmail_messages(id) on delete cascade,
    attachment_id varchar(255) not null,
    filename varchar(500),
    mime_type varchar(100),
    size_bytes bigint,
    drive_file_id varchar(255),
    created_at timestamptz default now()
);

create index if not exists idx_gmail_attachments_message_id on gmail_attachments (message_id);

create table if not exists calendar_events (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references google_workspace_users(id) on delete cascade,
    event_id varchar(255) not null,
    calendar_id varchar(255) not null,
    title varchar(500),
    description text,
    location varchar(500),
    embedding_json text,
    start_time timestamptz not null,
    end_time timestamptz not null,
    is_all_day boolean default false,
    timezone varchar(100),
    is_recurring boolean default false,
    recurrence_rule text,
    organizer_email varchar(255),
    attendees jsonb,
    status varchar(50),
    visibility varchar(50),
    meeting_link varchar(500),
    is_online_meeting boolean default false,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_synced timestamptz,
    unique (calendar_id, event_id)
);

create index if not exists idx_calendar_events_start_time on calendar_events (start_time);
create index if not exists idx_calendar_events_user_id on calendar_events (user_id);

create table if not exists drive_files (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references google_workspace_users(id) on delete cascade,
    file_id varchar(255) not null unique,
    name varchar(500),
    mime_type varchar(100),
    file_extension varchar(20),
    size_bytes bigint,
    content_text text,
    embedding vector(1536),
    parent_folder_id varchar(255),
    folder_path text,
    web_view_link text,
    download_link text,
    owner_email varchar(255),
    shared_with text[],
    is_shared boolean default false,
    sharing_permissions varchar(50),
    is_trashed boolean default false,
    is_starred boolean default false,
    created_time timestamptz,
    modified_time timestamptz,
    viewed_time timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_synced timestamptz
);

create index if not exists idx_drive_files_user_id on drive_files (user_id);
create index if not exists idx_drive_files_embedding on drive_files using hnsw (embedding vector_cosine_ops);

create table if not exists google_tasks (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references google_workspace_users(id) on delete cascade,
    task_id varchar(255) not null unique,
    task_list_id varchar(255) not null,
    task_list_name varchar(255),
    title varchar(500),
    notes text,
    embedding_json text,
    status varchar(50),
    is_completed boolean default false,
    completed_date timestamptz,
    due_date timestamptz,
    parent_task_id varchar(255),
    position varchar(50),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_synced timestamptz
);

create index if not exists idx_google_tasks_user_id on google_tasks (user_id);

create table if not exists google_contacts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references google_workspace_users(id) on delete cascade,
    contact_id varchar(255) not null unique,
    full_name varchar(255),
    given_name varchar(255),
    family_name varchar(255),
    nickname varchar(255),
    email_addresses jsonb,
    phone_numbers jsonb,
    organizations jsonb,
    job_title varchar(255),
    company_name varchar(255),
    urls jsonb,
    addresses jsonb,
    notes text,
    embedding_json text,
    photo_url text,
    groups text[],
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_synced timestamptz
);

create index if not exists idx_google_contacts_user_id on google_contacts (user_id);

create table if not exists google_data_access_rules (
    id serial primary key,
    domain_id integer references google_workspace_domains(id),
    viewer_email varchar(255) not null,
    target_email varchar(255),
    can_view_gmail boolean default false,
    can_view_calendar boolean default false,
    can_view_drive boolean default false,
    can_view_tasks boolean default false,
    can_view_contacts boolean default false,
    is_admin_access boolean default false,
    granted_by varchar(255),
    reason text,
    created_at timestamptz default now(),
    expires_at timestamptz,
    unique (viewer_email, target_email)
);

create index if not exists idx_google_data_access_rules_domain_id on google_data_access_rules (domain_id);

create table if not exists google_sync_jobs (
    id uuid primary key default gen_random_uuid(),
    domain_id integer references google_workspace_domains(id),
    user_id uuid references google_workspace_users(id) on delete cascade,
    sync_type varchar(50) not null,
    status varchar(50) default 'pending',
    items_total integer,
    items_processed integer,
    items_new integer,
    items_updated integer,
    items_deleted integer,
    started_at timestamptz,
    completed_at timestamptz,
    duration_seconds integer,
    error_message text,
    error_count integer default 0,
    metadata jsonb default '{}',
    created_at timestamptz default now()
);

create index if not exists idx_google_sync_jobs_domain_id on google_sync_jobs (domain_id);
create index if not exists idx_google_sync_jobs_user_id on google_sync_jobs (user_id);

create or replace function can_access_google_data(p_viewer varchar, p_target varchar, p_kind varchar)
returns boolean language sql stable as $$
    select p_viewer = p_target or exists (
        select 1 from google_data_access_rules r
        where r.viewer_email = p_viewer
          and (r.target_email = p_target or r.is_admin_access)
          and (r.expires_at is null or r.expires_at > now())
          and case p_kind
                when 'gmail' then r.can_view_gmail
                when 'calendar' then r.can_view_calendar
                when 'drive' then r.can_view_drive
                when 'tasks' then r.can_view_tasks
                else r.can_view_contacts
              end)
$$;

create or replace view google_user_activity_summary as
select u.id, u.email,
       (select count(*) from gmail_messages m where m.user_id = u.id) as mails,
       (select count(*) from calendar_events e where e.user_id = u.id and not e.is_all_day) as meetings,
       (select max(t.completed_date) from google_tasks t where t.user_id = u.id) as last_task
from google_workspace_users u;
