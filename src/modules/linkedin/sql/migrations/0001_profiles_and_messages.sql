create table linkedin.linkedin_profiles (
  town_id uuid not null,
  id uuid not null,
  external_id text not null,
  contact_id uuid,
  profile_url text not null,
  name text,
  headline text,
  location text,
  company_name text,
  job_title text,
  email text,
  connected_on date,
  connection_count integer,
  follower_count integer,
  last_activity_at timestamptz,
  picture_url text,
  gone_at timestamptz,
  synced_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint linkedin_profiles_pkey primary key (town_id, id),
  constraint linkedin_profiles_external_id_key unique (town_id, external_id),
  constraint linkedin_profiles_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint linkedin_profiles_external_id_check check (length(external_id) between 1 and 500),
  constraint linkedin_profiles_profile_url_check check (length(profile_url) between 1 and 2000),
  constraint linkedin_profiles_name_check check (length(name) between 1 and 500),
  constraint linkedin_profiles_headline_check check (length(headline) between 1 and 2000),
  constraint linkedin_profiles_location_check check (length(location) between 1 and 500),
  constraint linkedin_profiles_company_name_check check (length(company_name) between 1 and 500),
  constraint linkedin_profiles_job_title_check check (length(job_title) between 1 and 500),
  constraint linkedin_profiles_email_check check (length(email) between 1 and 254),
  constraint linkedin_profiles_connection_count_check check (connection_count >= 0),
  constraint linkedin_profiles_follower_count_check check (follower_count >= 0),
  constraint linkedin_profiles_picture_url_check check (length(picture_url) between 1 and 2000),
  constraint linkedin_profiles_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index linkedin_profiles_created_at_idx on linkedin.linkedin_profiles (town_id, created_at desc, id desc);
create index linkedin_profiles_contact_id_idx on linkedin.linkedin_profiles (town_id, contact_id);
create index linkedin_profiles_name_idx on linkedin.linkedin_profiles (town_id, name, id);
create index linkedin_profiles_connected_on_idx on linkedin.linkedin_profiles (town_id, connected_on desc nulls last, id desc);

create table linkedin.linkedin_posts (
  town_id uuid not null,
  id uuid not null,
  external_id text not null,
  contact_id uuid,
  author_name text,
  author_url text,
  content text,
  post_type text,
  engagement jsonb not null default '{}',
  hashtags text[] not null default '{}',
  mentions text[] not null default '{}',
  posted_at timestamptz,
  synced_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint linkedin_posts_pkey primary key (town_id, id),
  constraint linkedin_posts_external_id_key unique (town_id, external_id),
  constraint linkedin_posts_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint linkedin_posts_external_id_check check (length(external_id) between 1 and 500),
  constraint linkedin_posts_author_name_check check (length(author_name) between 1 and 500),
  constraint linkedin_posts_author_url_check check (length(author_url) between 1 and 2000),
  constraint linkedin_posts_content_check check (length(content) between 1 and 100000),
  constraint linkedin_posts_post_type_check check (length(post_type) between 1 and 50),
  constraint linkedin_posts_hashtags_check check (cardinality(hashtags) <= 200),
  constraint linkedin_posts_mentions_check check (cardinality(mentions) <= 200),
  constraint linkedin_posts_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index linkedin_posts_created_at_idx on linkedin.linkedin_posts (town_id, created_at desc, id desc);
create index linkedin_posts_contact_id_idx on linkedin.linkedin_posts (town_id, contact_id);
create index linkedin_posts_posted_at_idx on linkedin.linkedin_posts (town_id, posted_at desc nulls last, id desc);

create table linkedin.linkedin_messages (
  town_id uuid not null,
  id uuid not null,
  external_id text not null,
  owner_id uuid not null,
  contact_id uuid,
  conversation_external_id text,
  conversation_title text,
  sender_name text,
  sender_url text,
  recipients text[] not null default '{}',
  subject text,
  content text,
  message_type text,
  folder text,
  sent_at timestamptz,
  is_read boolean not null default false,
  is_draft boolean not null default false,
  response_sent boolean not null default false,
  synced_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint linkedin_messages_pkey primary key (town_id, id),
  constraint linkedin_messages_external_id_key unique (town_id, owner_id, external_id),
  constraint linkedin_messages_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint linkedin_messages_external_id_check check (length(external_id) between 1 and 500),
  constraint linkedin_messages_conversation_external_id_check check (length(conversation_external_id) between 1 and 500),
  constraint linkedin_messages_conversation_title_check check (length(conversation_title) between 1 and 1000),
  constraint linkedin_messages_sender_name_check check (length(sender_name) between 1 and 500),
  constraint linkedin_messages_sender_url_check check (length(sender_url) between 1 and 2000),
  constraint linkedin_messages_recipients_check check (cardinality(recipients) <= 200),
  constraint linkedin_messages_subject_check check (length(subject) between 1 and 2000),
  constraint linkedin_messages_content_check check (length(content) between 1 and 100000),
  constraint linkedin_messages_message_type_check check (length(message_type) between 1 and 50),
  constraint linkedin_messages_folder_check check (length(folder) between 1 and 100),
  constraint linkedin_messages_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index linkedin_messages_created_at_idx on linkedin.linkedin_messages (town_id, created_at desc, id desc);
create index linkedin_messages_contact_id_idx on linkedin.linkedin_messages (town_id, contact_id);
create index linkedin_messages_conversation_external_id_idx on linkedin.linkedin_messages (town_id, conversation_external_id);
create index linkedin_messages_sent_at_idx on linkedin.linkedin_messages (town_id, sent_at desc nulls last, id desc);

create table linkedin.linkedin_activity (
  town_id uuid not null,
  id uuid not null,
  external_id text not null,
  contact_id uuid,
  activity_type text not null,
  activity_data jsonb not null default '{}',
  activity_at timestamptz,
  source_url text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint linkedin_activity_pkey primary key (town_id, id),
  constraint linkedin_activity_external_id_key unique (town_id, external_id),
  constraint linkedin_activity_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint linkedin_activity_external_id_check check (length(external_id) between 1 and 500),
  constraint linkedin_activity_activity_type_check check (length(activity_type) between 1 and 100),
  constraint linkedin_activity_source_url_check check (length(source_url) between 1 and 2000),
  constraint linkedin_activity_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index linkedin_activity_created_at_idx on linkedin.linkedin_activity (town_id, created_at desc, id desc);
create index linkedin_activity_contact_id_idx on linkedin.linkedin_activity (town_id, contact_id);
create index linkedin_activity_activity_type_idx on linkedin.linkedin_activity (town_id, activity_type);
create index linkedin_activity_activity_at_idx on linkedin.linkedin_activity (town_id, activity_at desc nulls last, id desc);

create table linkedin.linkedin_sync_status (
  town_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  profile_synced_at timestamptz,
  posts_synced_at timestamptz,
  messages_synced_at timestamptz,
  sync_status text not null default 'pending',
  error_message text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint linkedin_sync_status_pkey primary key (town_id, id),
  constraint linkedin_sync_status_contact_id_key unique (town_id, contact_id),
  constraint linkedin_sync_status_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint linkedin_sync_status_sync_status_check check (sync_status in ('pending', 'running', 'ok', 'failed')),
  constraint linkedin_sync_status_error_message_check check (length(error_message) between 1 and 10000),
  constraint linkedin_sync_status_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index linkedin_sync_status_created_at_idx on linkedin.linkedin_sync_status (town_id, created_at desc, id desc);
create index linkedin_sync_status_sync_status_idx on linkedin.linkedin_sync_status (town_id, sync_status);
