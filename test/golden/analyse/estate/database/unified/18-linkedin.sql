-- 18: LinkedIn, from the archive that members download.

create table if not exists linkedin_profiles (
    id uuid primary key default gen_random_uuid(),
    contact_id uuid not null references contacts(id) on delete cascade,
    profile_url text not null unique,
    name text,
    headline text,
    location text,
    connections integer,
    followers integer,
    last_activity timestamptz,
    profile_picture text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_linkedin_profiles_contact_id on linkedin_profiles (contact_id);

create trigger linkedin_profiles_touch before update on linkedin_profiles
    for each row execute function update_updated_at_column();

create table if not exists linkedin_activity (
    id uuid primary key default gen_random_uuid(),
    contact_id uuid not null references contacts(id) on delete cascade,
    activity_type text not null,
    activity_data jsonb,
    activity_date timestamptz,
    source_url text,
    created_at timestamptz default now()
);

create index if not exists idx_linkedin_activity_activity_date on linkedin_activity (activity_date desc);
create index if not exists idx_linkedin_activity_contact_id on linkedin_activity (contact_id);

create table if not exists linkedin_posts (
    id uuid primary key default gen_random_uuid(),
    post_id text not null unique,
    contact_id uuid not null references contacts(id) on delete cascade,
    author_name text,
    author_url text,
    content text,
    post_type text,
    engagement jsonb,
    posted_at timestamptz,
    hashtags jsonb,
    mentions jsonb,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_linkedin_posts_contact_id on linkedin_posts (contact_id);

create trigger linkedin_posts_touch before update on linkedin_posts
    for each row execute function update_updated_at_column();

create table if not exists linkedin_messages (
    id uuid primary key default gen_random_uuid(),
    message_id text not null unique,
    contact_id uuid not null references contacts(id) on delete cascade,
    sender_name text,
    sender_url text,
    content text,
    sent_at timestamptz,
    message_type text,
    is_read boolean default false,
    response_sent boolean default false,
    created_at timestamptz default now()
);

create index if not exists idx_linkedin_messages_sent_at on linkedin_messages (sent_at desc);
create index if not exists idx_linkedin_messages_contact_id on linkedin_messages (contact_id);

create table if not exists linkedin_sync_status (
    id uuid primary key default gen_random_uuid(),
    contact_id uuid not null unique references contacts(id) on delete cascade,
    last_profile_sync timestamptz,
    last_posts_sync timestamptz,
    last_messages_sync timestamptz,
    sync_status text default 'pending',
    error_message text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
