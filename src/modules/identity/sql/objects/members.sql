-- Who belongs to the town, and what they may. All of it is a boss's to change; nobody changes anybody above themselves.

create or replace function identity.find_standing(p_user_id uuid, p_town_id uuid)
returns integer
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return greatest(
    (
      select case m.role when 'admin' then 3 when 'user' then 2 else 1 end
      from identity.town_members m
      where m.user_id = p_user_id and m.town_id = p_town_id
    ),
    (
      select max(case m.role when 'owner' then 5 when 'admin' then 4 end)
      from identity.organization_members m
      join town.organization_towns o on o.organization_id = m.organization_id and o.part = 'owner'
      where m.user_id = p_user_id and o.town_id = p_town_id
    )
  );
end
$$;
comment on function identity.find_standing(uuid, uuid) is
  'How high a person stands in a town: 5 and 4 for owners and admins of the organization that owns it, 3 admin, 2 user, 1 readonly; null for strangers.';

create or replace function identity.add_member(p_member jsonb)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_now timestamptz := (p_member ->> 'createdAt')::timestamptz;
  v_user_id uuid;
begin
  if coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    raise exception 'members are added by bosses' using errcode = '42501';
  end if;
  select u.id into v_user_id from identity.users u where lower(u.email) = lower(p_member ->> 'email') for update;
  if not found then
    insert into identity.users (id, name, email, created_at, updated_at)
    values ((p_member ->> 'userId')::uuid, p_member ->> 'name', p_member ->> 'email', v_now, v_now)
    returning id into v_user_id;
  elsif exists (select from identity.town_members m where m.user_id = v_user_id)
    or exists (select from identity.organization_members m where m.user_id = v_user_id) then
    -- Knowing an address must give nobody a key of its person, nor a seat to whoever took the address: they accept.
    raise exception 'somebody has this address' using errcode = '23505', constraint = case
      when exists (select from identity.town_members m where m.town_id = v_town_id and m.user_id = v_user_id)
        then 'town_members_pkey'
      else 'users_email_idx'
    end;
  else
    -- Who belongs nowhere can accept nothing, and has no key. Nobody may be signed in as them from before.
    delete from identity.sessions s where s.user_id = v_user_id;
    perform identity.end_links(v_user_id);
  end if;
  insert into identity.town_members (town_id, user_id, role, attraction_ceiling, created_at)
  values (v_town_id, v_user_id, p_member ->> 'role', (p_member ->> 'attractionCeiling')::integer, v_now);
  -- The person can be seen from here on, also by what the same transaction still does.
  return v_user_id;
end
$$;
comment on function identity.add_member(jsonb) is
  'Makes a person a member of the current town and returns their id: somebody new, or who left all towns. Fails for the address of anybody else, who is to be invited.';

create or replace function identity.end_links(p_user_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- A link signs in whoever has the address when it is opened: that may be somebody else by then.
  delete from identity.verifications v
  using identity.users u
  where u.id = p_user_id and strpos(lower(v.value), to_jsonb(lower(u.email))::text) > 0;
end
$$;
comment on function identity.end_links(uuid) is 'Ends the sign-in links of a person that are open.';

create or replace function identity.change_member(p_user_id uuid, p_role text, p_attraction_ceiling integer, p_now timestamptz)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_actor_id uuid := current_setting('app.user_id')::uuid;
  v_member identity.town_members;
begin
  -- One change at a time: two admins who remove each other would leave the town without any.
  perform from town.towns t where t.id = v_town_id for update;
  select * into v_member from identity.town_members m where m.town_id = v_town_id and m.user_id = p_user_id;
  if not found then
    return null;
  end if;
  if coalesce(current_setting('app.clearance', true), '') <> 'boss'
    or identity.find_standing(p_user_id, v_town_id) > identity.find_standing(v_actor_id, v_town_id) then
    return 'above';
  end if;
  if p_role is distinct from v_member.role and (
    v_member.role = 'admin' and not exists (
      select from identity.town_members m
      where m.town_id = v_town_id and m.user_id <> p_user_id and m.role = 'admin'
    )
    or exists (
      select from identity.organization_members m
      join town.organization_towns o on o.organization_id = m.organization_id and o.part = 'owner'
      where o.town_id = v_town_id and m.user_id = p_user_id and m.role = 'owner' and not exists (
        select from identity.organization_members other
        where other.organization_id = m.organization_id and other.user_id <> p_user_id and other.role = 'owner'
      )
    )
  ) then
    return 'last';
  end if;
  if p_role is null then
    delete from identity.town_members m where m.town_id = v_town_id and m.user_id = p_user_id;
    insert into identity.former_members (town_id, user_id, left_at) values (v_town_id, p_user_id, p_now)
    on conflict on constraint former_members_pkey do update set left_at = excluded.left_at;
    -- Who belongs to no town can accept nothing: a role left behind would keep every town from taking them in again.
    delete from identity.organization_members o
    where o.user_id = p_user_id and o.role <> 'owner' and not exists (
      select from identity.town_members m where m.user_id = p_user_id
    );
    delete from identity.sessions s where s.user_id = p_user_id;
    perform identity.end_links(p_user_id);
  else
    update identity.town_members m set role = p_role, attraction_ceiling = p_attraction_ceiling
    where m.town_id = v_town_id and m.user_id = p_user_id;
  end if;
  return 'done';
end
$$;
comment on function identity.change_member(uuid, text, integer, timestamptz) is
  'Gives a member of the current town role and ceiling; without a role they leave: their keys of the town and their sessions end. Answers done, above (the actor), last (admin or owner), or null for who is no member.';

create or replace function identity.may_sign_in_as(p_user_id uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_actor_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  if not exists (
    select from identity.town_members m where m.town_id = v_town_id and m.user_id = p_user_id
  ) then
    return false;
  end if;
  -- A session opens every town of its person: a boss of one of them must not come into the others by it.
  return p_user_id = v_actor_id or not exists (
    select from identity.town_members m
    where m.user_id = p_user_id
      and (coalesce(identity.find_standing(v_actor_id, m.town_id), 0) < 3
        or identity.find_standing(v_actor_id, m.town_id) < identity.find_standing(p_user_id, m.town_id))
  ) and not exists (
    -- Nor into their organizations.
    select from identity.organization_members o
    where o.user_id = p_user_id and not exists (
      select from identity.organization_members own
      where own.organization_id = o.organization_id and own.user_id = v_actor_id
        and (own.role = 'owner' or own.role = 'admin' and o.role <> 'owner')
    )
  );
end
$$;
comment on function identity.may_sign_in_as(uuid) is
  'Whether the actor may make a sign-in link for a member of the town: themselves, or a boss of all their towns, and of their organizations, whom they do not stand above.';

create or replace function identity.update_me(p_me jsonb, p_now timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_email text := p_me ->> 'email';
begin
  if exists (select from identity.users u where u.id = v_user_id and u.email <> v_email) then
    perform identity.end_links(v_user_id);
  end if;
  -- What is not given stays as it is when the row is written, which others may have changed since it was read.
  update identity.users u
  set (name, email, email_verified, username, image, first_name, last_name, job_title, phone, linkedin_url, bio, is_vip, time_zone,
    quiet_from, quiet_to, preferences, updated_at) = (
    select m.name, m.email, u.email_verified and u.email = m.email, m.username, m.image, m.first_name, m.last_name, m.job_title,
      m.phone, m.linkedin_url, m.bio, m.is_vip, m.time_zone, m.quiet_from, m.quiet_to, m.preferences, p_now
    from jsonb_populate_record(u, p_me) m
  )
  where u.id = v_user_id;
end
$$;
comment on function identity.update_me(jsonb, timestamptz) is
  'Changes what p_me gives of the profile of the acting person, columns of identity.users; open sign-in links to an address before end.';

create or replace function identity.list_former_members()
returns table (user_id uuid, name text, left_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
begin
  if coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    return;
  end if;
  return query
    select f.user_id, u.name, f.left_at
    from identity.former_members f join identity.users u on u.id = f.user_id
    where f.town_id = v_town_id and not exists (
      select from identity.town_members m where m.town_id = f.town_id and m.user_id = f.user_id
    );
end
$$;
comment on function identity.list_former_members() is
  'Who left the current town and is not back, and when; for its bosses.';

revoke all on function identity.find_standing(uuid, uuid) from public;
revoke all on function identity.add_member(jsonb) from public;
revoke all on function identity.end_links(uuid) from public;
revoke all on function identity.change_member(uuid, text, integer, timestamptz) from public;
revoke all on function identity.may_sign_in_as(uuid) from public;
revoke all on function identity.update_me(jsonb, timestamptz) from public;
grant execute on function identity.add_member(jsonb) to robbieverse_app;
grant execute on function identity.change_member(uuid, text, integer, timestamptz) to robbieverse_app;
grant execute on function identity.may_sign_in_as(uuid) to robbieverse_app;
grant execute on function identity.update_me(jsonb, timestamptz) to robbieverse_app;
revoke all on function identity.list_former_members() from public;
grant execute on function identity.list_former_members() to robbieverse_app;
