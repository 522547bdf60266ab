-- Organizations and their people. Whoever acts needs a role there; a key that somebody else issued has none.

create or replace function identity.create_organization(p_organization jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_id uuid := (p_organization ->> 'id')::uuid;
  v_now timestamptz := (p_organization ->> 'createdAt')::timestamptz;
begin
  if coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    raise exception 'organizations are made by bosses' using errcode = '42501';
  end if;
  insert into town.organizations (id, slug, name, created_at)
  values (v_id, p_organization ->> 'slug', p_organization ->> 'name', v_now);
  insert into identity.organization_members (organization_id, user_id, role, created_at)
  values (v_id, current_setting('app.user_id')::uuid, 'owner', v_now);
end
$$;
comment on function identity.create_organization(jsonb) is 'Makes an organization that the acting boss owns.';

create or replace function identity.list_organization(p_organization_id uuid)
returns table (user_id uuid, name text, email text, role text, created_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select u.id, u.name, u.email, m.role, m.created_at
    from identity.organization_members m join identity.users u on u.id = m.user_id
    where m.organization_id = p_organization_id and m.organization_id = any (
      string_to_array(nullif(current_setting('app.organization_ids', true), ''), ',')::uuid[]
    );
end
$$;
comment on function identity.list_organization(uuid) is
  'The members of an organization of the acting person, with names and addresses; none of any other.';

create or replace function identity.change_organization_member(
  p_organization_id uuid, p_user_id uuid, p_role text, p_now timestamptz
)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_actor_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_own text;
  v_before text;
begin
  -- One change at a time: roles are compared before they are written.
  perform from town.organizations o where o.id = p_organization_id for update;
  select m.role into v_own from identity.organization_members m
  where m.organization_id = p_organization_id and m.user_id = v_actor_id and m.organization_id = any (
    string_to_array(nullif(current_setting('app.organization_ids', true), ''), ',')::uuid[]
  );
  if not found then
    return null;
  end if;
  select m.role into v_before from identity.organization_members m
  where m.organization_id = p_organization_id and m.user_id = p_user_id;
  if v_before is null and (p_role is null or not exists (
    select from identity.town_members m where m.town_id = v_town_id and m.user_id = p_user_id
  )) then
    return 'stranger';
  elsif v_before = 'owner' then
    return 'owner';
  elsif p_role = 'owner' then
    -- What an owner makes from then on is the organization's: nobody becomes one without having asked for it.
    return 'above';
  elsif v_own <> 'owner' and not (p_role is null and p_user_id = v_actor_id)
    and (v_own <> 'admin' or v_before = 'admin' or p_role = 'admin') then
    return 'above';
  elsif p_role is null then
    delete from identity.organization_members m
    where m.organization_id = p_organization_id and m.user_id = p_user_id;
  else
    insert into identity.organization_members (organization_id, user_id, role, created_at)
    values (p_organization_id, p_user_id, p_role, p_now)
    on conflict on constraint organization_members_pkey do update set role = excluded.role
    where organization_members.role <> excluded.role;
  end if;
  return coalesce(v_before, 'done');
end
$$;
comment on function identity.change_organization_member(uuid, uuid, text, timestamptz) is
  'Gives a member of the current town a role in an organization; without a role they leave it. Owners give every role but their own, admins those below theirs, everybody but owners may leave. Answers the role before, done for a new member, or stranger, owner, above; null for an organization of others.';

revoke all on function identity.create_organization(jsonb) from public;
revoke all on function identity.list_organization(uuid) from public;
revoke all on function identity.change_organization_member(uuid, uuid, text, timestamptz) from public;
grant execute on function identity.create_organization(jsonb) to robbieverse_app;
grant execute on function identity.list_organization(uuid) to robbieverse_app;
grant execute on function identity.change_organization_member(uuid, uuid, text, timestamptz) to robbieverse_app;
