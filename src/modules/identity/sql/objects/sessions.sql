-- A person sees and ends their own sessions; the secret of the cookie never leaves the table.

create or replace function identity.list_sessions()
returns table (
  id uuid, user_id uuid, ip_address text, user_agent text, expires_at timestamptz, created_at timestamptz,
  updated_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  return query
    select s.id, s.user_id, s.ip_address, s.user_agent, s.expires_at, s.created_at, s.updated_at
    from identity.sessions s
    where s.user_id = v_user_id;
end
$$;
comment on function identity.list_sessions() is 'The sessions of the acting person.';

create or replace function identity.end_session(p_id uuid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from identity.sessions s
  where s.id = p_id and s.user_id = nullif(current_setting('app.user_id', true), '')::uuid;
  return found;
end
$$;
comment on function identity.end_session(uuid) is 'Ends a session of the acting person; false when they have no such one.';

create or replace function identity.list_accounts()
returns table (id uuid, provider text, created_at timestamptz, last_used_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  return query
    select a.id, a.provider_id, a.created_at, a.updated_at from identity.accounts a where a.user_id = v_user_id;
end
$$;
comment on function identity.list_accounts() is
  'The ways in which the acting person has signed in, without the secrets of any.';

revoke all on function identity.list_sessions() from public;
revoke all on function identity.end_session(uuid) from public;
grant execute on function identity.list_sessions() to robbieverse_app;
grant execute on function identity.end_session(uuid) to robbieverse_app;
revoke all on function identity.list_accounts() from public;
grant execute on function identity.list_accounts() to robbieverse_app;
