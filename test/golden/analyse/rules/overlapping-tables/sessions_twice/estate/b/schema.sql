create table user_sessions (id uuid primary key, user_id uuid, token_jti text not null, ip_address inet, user_agent text, expires_at timestamptz not null, is_active boolean);
