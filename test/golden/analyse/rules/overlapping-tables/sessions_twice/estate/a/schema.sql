create table users (id uuid primary key);
create table sessions (id uuid primary key, user_id uuid references users(id), token_hash text not null, ip_address inet, user_agent text, expires_at timestamptz not null);
