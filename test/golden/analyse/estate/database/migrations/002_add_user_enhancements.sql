-- Profiles.
alter table users
    add column if not exists first_name text,
    add column if not exists last_name text,
    add column if not exists job_title text,
    add column if not exists phone text,
    add column if not exists avatar_url text,
    add column if not exists timezone text default 'UTC',
    add column if not exists linkedin_url text,
    add column if not exists bio text;
