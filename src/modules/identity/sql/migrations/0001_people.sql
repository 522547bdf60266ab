create table identity.users (
  id uuid not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  username text,
  image text,
  first_name text,
  last_name text,
  job_title text,
  phone text,
  linkedin_url text,
  bio text,
  is_vip boolean not null default false,
  time_zone text not null default 'UTC',
  quiet_from time,
  quiet_to time,
  preferences jsonb not null default '{}',
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint users_pkey primary key (id),
  constraint users_name_check check (length(name) between 1 and 200),
  constraint users_username_check check (length(username) between 1 and 50),
  constraint users_image_check check (length(image) between 1 and 2000),
  constraint users_first_name_check check (length(first_name) between 1 and 100),
  constraint users_last_name_check check (length(last_name) between 1 and 100),
  constraint users_job_title_check check (length(job_title) between 1 and 200),
  constraint users_phone_check check (length(phone) between 1 and 50),
  constraint users_linkedin_url_check check (length(linkedin_url) between 1 and 2000),
  constraint users_bio_check check (length(bio) between 1 and 5000),
  constraint users_quiet_check check ((quiet_from is null) = (quiet_to is null))
);
create unique index users_email_idx on identity.users (lower(email));
create unique index users_username_idx on identity.users (lower(username));

create table identity.organization_members (
  organization_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamptz not null,
  constraint organization_members_pkey primary key (organization_id, user_id),
  constraint organization_members_organization_id_fkey foreign key (organization_id) references town.organizations (id),
  constraint organization_members_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint organization_members_role_check check (role in ('owner', 'admin', 'manager', 'employee', 'contractor'))
);
create index organization_members_user_id_idx on identity.organization_members (user_id);

create table identity.town_members (
  town_id uuid not null,
  user_id uuid not null,
  role text not null,
  attraction_ceiling integer not null default 7,
  created_at timestamptz not null,
  constraint town_members_pkey primary key (town_id, user_id),
  constraint town_members_town_id_fkey foreign key (town_id) references town.towns (id),
  constraint town_members_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint town_members_role_check check (role in ('admin', 'user', 'readonly')),
  constraint town_members_attraction_ceiling_check check (attraction_ceiling between 1 and 11)
);
create index town_members_user_id_idx on identity.town_members (user_id);

create table identity.former_members (
  town_id uuid not null,
  user_id uuid not null,
  left_at timestamptz not null,
  constraint former_members_pkey primary key (town_id, user_id),
  constraint former_members_town_id_fkey foreign key (town_id) references town.towns (id),
  constraint former_members_user_id_fkey foreign key (user_id) references identity.users (id)
);
create index former_members_user_id_idx on identity.former_members (user_id);

create table identity.api_keys (
  id uuid not null,
  town_id uuid not null,
  user_id uuid not null,
  name text not null,
  prefix text not null,
  key_hash bytea not null,
  issued_by uuid not null,
  operations text[],
  personalities text[],
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint api_keys_pkey primary key (id),
  constraint api_keys_key_hash_key unique (key_hash),
  constraint api_keys_member_fkey foreign key (town_id, user_id) references identity.town_members (town_id, user_id)
    on delete cascade,
  constraint api_keys_issued_by_fkey foreign key (issued_by) references identity.users (id),
  constraint api_keys_name_check check (length(name) between 1 and 200),
  constraint api_keys_key_hash_check check (length(key_hash) = 32)
);
create index api_keys_member_idx on identity.api_keys (town_id, user_id);
create index api_keys_issued_by_idx on identity.api_keys (issued_by);

create table identity.sessions (
  id uuid not null,
  user_id uuid not null,
  token text not null,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sessions_pkey primary key (id),
  constraint sessions_token_key unique (token),
  constraint sessions_user_id_fkey foreign key (user_id) references identity.users (id) on delete cascade
);
create index sessions_user_id_idx on identity.sessions (user_id);

create table identity.accounts (
  id uuid not null,
  user_id uuid not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint accounts_pkey primary key (id),
  constraint accounts_provider_id_account_id_key unique (provider_id, account_id),
  constraint accounts_user_id_fkey foreign key (user_id) references identity.users (id) on delete cascade
);
create index accounts_user_id_idx on identity.accounts (user_id);

create table identity.verifications (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint verifications_pkey primary key (id)
);
create index verifications_identifier_idx on identity.verifications (identifier);

create table identity.invitations (
  id uuid not null,
  town_id uuid not null,
  email text not null,
  role text not null,
  attraction_ceiling integer not null,
  token_hash bytea not null,
  invited_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid,
  accepted_key_id uuid,
  constraint invitations_pkey primary key (id),
  constraint invitations_token_hash_key unique (token_hash),
  constraint invitations_town_id_fkey foreign key (town_id) references town.towns (id),
  constraint invitations_invited_by_fkey foreign key (invited_by) references identity.users (id),
  constraint invitations_accepted_by_fkey foreign key (accepted_by) references identity.users (id),
  constraint invitations_email_check check (length(email) between 1 and 254),
  constraint invitations_role_check check (role in ('admin', 'user', 'readonly')),
  constraint invitations_attraction_ceiling_check check (attraction_ceiling between 1 and 11),
  constraint invitations_token_hash_check check (length(token_hash) = 32),
  constraint invitations_accepted_check check ((accepted_at is null) = (accepted_by is null))
);
create index invitations_town_id_idx on identity.invitations (town_id, created_at desc, id desc);
create index invitations_invited_by_idx on identity.invitations (invited_by);
create index invitations_accepted_by_idx on identity.invitations (accepted_by);
