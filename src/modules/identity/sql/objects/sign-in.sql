-- Before a town is known only these functions read keys and memberships. They run as the owner, who is not a superuser;
-- the tables are granted to nobody. They write the settings that every policy and every search function reads.

create or replace function identity.enter_town(p_user_id uuid, p_town_id uuid, p_key_id uuid, p_now timestamptz)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_actor jsonb;
  v_standing integer;
  v_towns text;
  v_organizations text;
begin
  -- One statement: each of six would cost every request as much as the lookup itself.
  select
    jsonb_build_object(
      'userId', u.id, 'name', u.name, 'timeZone', u.time_zone,
      'townId', t.id, 'townSlug', t.slug, 'role', m.role, 'attractionCeiling', m.attraction_ceiling,
      'keyId', p_key_id, 'isOwn', true, 'operations', null, 'personalities', null, 'keyExpiresAt', null
    ),
    identity.find_standing(p_user_id, p_town_id),
    (select string_agg(b.town_id::text, ',') from identity.town_members b where b.user_id = p_user_id),
    (select string_agg(o.organization_id::text, ',') from identity.organization_members o where o.user_id = p_user_id)
  into v_actor, v_standing, v_towns, v_organizations
  from identity.town_members m
  join town.towns t on t.id = m.town_id
  join identity.users u on u.id = m.user_id
  where m.user_id = p_user_id and m.town_id = p_town_id;
  if not found then
    return null;
  end if;
  v_actor := v_actor || jsonb_build_object(
    'clearance', case v_standing when 1 then 'guest' when 2 then 'member' else 'boss' end
  );
  perform set_config('app.town_id', p_town_id::text, true),
    -- Views and derived columns go by it: the clock of the operation is the one that counts.
    set_config('app.now', p_now::text, true),
    set_config('app.user_id', p_user_id::text, true),
    set_config('app.key_id', coalesce(p_key_id::text, ''), true),
    set_config('app.clearance', v_actor ->> 'clearance', true),
    set_config('app.town_ids', v_towns, true),
    set_config('app.organization_ids', coalesce(v_organizations, ''), true);
  return v_actor;
end
$$;
comment on function identity.enter_town(uuid, uuid, uuid, timestamptz) is
  'Makes a person the actor of this transaction, at this moment, in one of their towns; null when they do not belong to it.';

create or replace function identity.authenticate_key(p_key_hash bytea, p_now timestamptz)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_key identity.api_keys;
  v_actor jsonb;
  v_is_own boolean;
begin
  select * into v_key from identity.api_keys k where k.key_hash = p_key_hash;
  if not found then
    return jsonb_build_object('refused', 'unknown');
  elsif v_key.revoked_at is not null then
    return jsonb_build_object('refused', 'revoked');
  elsif v_key.expires_at <= p_now then
    return jsonb_build_object('refused', 'expired');
  end if;
  v_actor := identity.enter_town(v_key.user_id, v_key.town_id, v_key.id, p_now);
  -- Its person's own since they were last asked into a town: until then others could sign in as them, and make keys.
  v_is_own := v_key.issued_by = v_key.user_id and not exists (
    select from identity.invitations i
    where i.accepted_by = v_key.user_id and i.accepted_at > v_key.created_at
      and i.accepted_key_id is distinct from v_key.id
  );
  if not v_is_own and v_actor is not null then
    -- Whoever issued it learns nothing of where else its person is, nor of the people there.
    perform set_config('app.town_ids', v_key.town_id::text, true), set_config('app.organization_ids', '', true);
  end if;
  return coalesce(
    v_actor || jsonb_build_object(
      'isOwn', v_is_own, 'operations', v_key.operations, 'personalities', v_key.personalities,
      'keyExpiresAt', v_key.expires_at
    ),
    jsonb_build_object('refused', 'no_town')
  );
end
$$;
comment on function identity.authenticate_key(bytea, timestamptz) is
  'Enters the key''s town as its person; {"refused": unknown|revoked|expired|no_town} when the key opens nothing.';

create or replace function identity.authenticate_user(p_user_id uuid, p_town text, p_now timestamptz)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid;
begin
  select m.town_id into v_town_id
  from identity.town_members m join town.towns t on t.id = m.town_id
  where m.user_id = p_user_id and (p_town is null or t.slug = p_town or t.id::text = p_town)
  order by m.created_at, t.id
  limit 1;
  return coalesce(identity.enter_town(p_user_id, v_town_id, null, p_now), jsonb_build_object('refused', 'no_town'));
end
$$;
comment on function identity.authenticate_user(uuid, text, timestamptz) is
  'Enters a signed-in person''s town, named by slug or id, or their first one; {"refused": "no_town"} without one.';

create or replace function identity.is_colleague(p_user_id uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from identity.town_members m
    where m.user_id = p_user_id
      and m.town_id = any (string_to_array(nullif(current_setting('app.town_ids', true), ''), ',')::uuid[])
  );
end
$$;
comment on function identity.is_colleague(uuid) is 'Whether the person shares a town with whoever acts.';

drop policy if exists access on identity.users;
create policy access on identity.users for select
  using (id = nullif(current_setting('app.user_id', true), '')::uuid or identity.is_colleague(id));

create or replace function identity.list_members()
returns table (user_id uuid, name text, email text, role text, attraction_ceiling integer, created_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
begin
  return query
    select u.id, u.name, u.email, m.role, m.attraction_ceiling, m.created_at
    from identity.town_members m join identity.users u on u.id = m.user_id
    where m.town_id = v_town_id
    order by m.created_at, u.id;
end
$$;
comment on function identity.list_members() is 'The members of the current town, oldest first.';

create or replace function identity.list_everybody()
returns setof uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
begin
  return query
    select m.user_id from identity.town_members m where m.town_id = v_town_id
    union
    select f.user_id from identity.former_members f where f.town_id = v_town_id
    order by user_id;
end
$$;
comment on function identity.list_everybody() is 'Who is or was a member of the current town.';

revoke all on function identity.enter_town(uuid, uuid, uuid, timestamptz) from public;
revoke all on function identity.authenticate_key(bytea, timestamptz) from public;
revoke all on function identity.authenticate_user(uuid, text, timestamptz) from public;
revoke all on function identity.is_colleague(uuid) from public;
revoke all on function identity.list_members() from public;
revoke all on function identity.list_everybody() from public;
grant execute on function identity.authenticate_key(bytea, timestamptz) to robbieverse_app;
grant execute on function identity.authenticate_user(uuid, text, timestamptz) to robbieverse_app;
grant execute on function identity.is_colleague(uuid) to robbieverse_app;
grant execute on function identity.list_members() to robbieverse_app;
grant execute on function identity.list_everybody() to robbieverse_app;
