-- API keys: a person handles their own, a boss sees and revokes all of the town's.

create or replace function identity.create_key(p_key jsonb, p_key_hash bytea)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_issued_by uuid := current_setting('app.user_id')::uuid;
begin
  if p_key ->> 'user_id' is distinct from v_issued_by::text
    and coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    raise exception 'keys of others are made by bosses' using errcode = '42501';
  end if;
  insert into identity.api_keys (id, town_id, user_id, name, prefix, key_hash, issued_by, operations, personalities, created_at, expires_at)
  select k.id, current_setting('app.town_id')::uuid, k.user_id, k.name, k.prefix, p_key_hash,
    v_issued_by, k.operations, k.personalities, k.created_at, k.expires_at
  from jsonb_to_record(p_key) as k (
    id uuid, user_id uuid, name text, prefix text, operations text[], personalities text[], created_at timestamptz,
    expires_at timestamptz
  );
  return v_issued_by;
end
$$;
comment on function identity.create_key(jsonb, bytea) is 'Stores a key of a member in the current town, their own or for a boss anybody''s, and returns who issued it: the acting person.';

create or replace function identity.list_keys()
returns table (
  id uuid, user_id uuid, name text, prefix text, issued_by uuid, operations text[], personalities text[],
  created_at timestamptz, expires_at timestamptz, revoked_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_is_boss boolean := coalesce(current_setting('app.clearance', true), '') = 'boss';
begin
  return query
    select k.id, k.user_id, k.name, k.prefix, k.issued_by, k.operations, k.personalities, k.created_at, k.expires_at,
      k.revoked_at
    from identity.api_keys k
    where k.town_id = v_town_id and (v_is_boss or k.user_id = v_user_id);
end
$$;
comment on function identity.list_keys() is 'Keys of the current town: the acting person''s own, all of them for a boss.';

create or replace function identity.revoke_key(p_id uuid, p_now timestamptz)
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_revoked_at timestamptz;
begin
  update identity.api_keys k
  set revoked_at = coalesce(k.revoked_at, p_now)
  where k.id = p_id
    and k.town_id = nullif(current_setting('app.town_id', true), '')::uuid
    and (k.user_id = nullif(current_setting('app.user_id', true), '')::uuid
      or coalesce(current_setting('app.clearance', true), '') = 'boss')
  returning k.revoked_at into v_revoked_at;
  return v_revoked_at;
end
$$;
comment on function identity.revoke_key(uuid, timestamptz) is 'Ends a key for good and says when; null when there is no such key for the actor.';

create or replace function identity.is_live_key(p_key_hash bytea, p_now timestamptz)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from identity.api_keys k
    where k.key_hash = p_key_hash
      and k.town_id = nullif(current_setting('app.town_id', true), '')::uuid
      and k.user_id = nullif(current_setting('app.user_id', true), '')::uuid
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > p_now)
  );
end
$$;
comment on function identity.is_live_key(bytea, timestamptz) is
  'Whether a key of this hash is the acting person''s, opens the current town and still works.';

revoke all on function identity.create_key(jsonb, bytea) from public;
revoke all on function identity.list_keys() from public;
revoke all on function identity.revoke_key(uuid, timestamptz) from public;
revoke all on function identity.is_live_key(bytea, timestamptz) from public;
grant execute on function identity.is_live_key(bytea, timestamptz) to robbieverse_app;
grant execute on function identity.create_key(jsonb, bytea) to robbieverse_app;
grant execute on function identity.list_keys() to robbieverse_app;
grant execute on function identity.revoke_key(uuid, timestamptz) to robbieverse_app;
