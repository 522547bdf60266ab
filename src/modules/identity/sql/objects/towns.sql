-- Making a town: the person who makes it becomes its admin, in the same transaction.

create or replace function identity.create_town(p_town jsonb, p_user_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_id uuid := (p_town ->> 'id')::uuid;
  v_now timestamptz := (p_town ->> 'createdAt')::timestamptz;
begin
  -- The first start makes a town before anybody acts. From then on nobody makes one in the name of somebody else, whose
  -- organization would own it.
  if p_user_id <> nullif(current_setting('app.user_id', true), '')::uuid then
    raise exception 'a town is made in one''s own name' using errcode = '42501';
  end if;
  insert into town.towns (id, slug, name, description, region, created_at)
  values (v_id, p_town ->> 'slug', p_town ->> 'name', p_town ->> 'description', p_town ->> 'region', v_now);
  insert into identity.town_members (town_id, user_id, role, attraction_ceiling, created_at)
  values (v_id, p_user_id, 'admin', 11, v_now);
  insert into town.organization_towns (organization_id, town_id, part, created_at)
  select m.organization_id, v_id, 'owner', v_now
  from identity.organization_members m
  where m.user_id = p_user_id and m.role = 'owner'
  order by m.created_at, m.organization_id
  limit 1;
end
$$;
comment on function identity.create_town(jsonb, uuid) is
  'Makes a town with the acting person as admin (attraction ceiling 11), owned by their organization where there is one; for anybody while nobody acts yet.';

create or replace function identity.set_capital(p_capital_id uuid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_actor_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  -- Counts of the town go to the capital: whoever lets them must be a boss of both.
  if v_town_id is null or coalesce(current_setting('app.clearance', true), '') <> 'boss'
    or p_capital_id is not null and coalesce(identity.find_standing(v_actor_id, p_capital_id), 0) < 3 then
    return false;
  end if;
  update town.towns t set governed_by = p_capital_id
  where t.id = v_town_id and t.governed_by is distinct from p_capital_id;
  return true;
end
$$;
comment on function identity.set_capital(uuid) is
  'Puts the current town under a capital town, or with null under none; false where the actor is not a boss of both.';

create or replace function identity.create_owner(p_owner jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := (p_owner ->> 'createdAt')::timestamptz;
begin
  if exists (select from identity.users) then
    raise exception 'there is an owner already' using errcode = '23505', constraint = 'users_email_idx';
  end if;
  insert into identity.users (id, name, email, email_verified, time_zone, created_at, updated_at)
  values ((p_owner ->> 'userId')::uuid, p_owner ->> 'name', p_owner ->> 'email', true, p_owner ->> 'timeZone', v_now, v_now);
  insert into town.organizations (id, slug, name, created_at)
  values ((p_owner ->> 'organizationId')::uuid, 'home', 'Home', v_now);
  insert into identity.organization_members (organization_id, user_id, role, created_at)
  values ((p_owner ->> 'organizationId')::uuid, (p_owner ->> 'userId')::uuid, 'owner', v_now);
end
$$;
comment on function identity.create_owner(jsonb) is 'Makes the first person and their organization; fails when there is anybody.';

create or replace function identity.find_owner()
returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select m.user_id from identity.organization_members m where m.role = 'owner' order by m.created_at, m.user_id limit 1
  );
end
$$;
comment on function identity.find_owner() is 'The first owner of the installation; null before the first start.';

create or replace function identity.list_town_admins()
returns table (town_id uuid, user_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select distinct on (m.town_id) m.town_id, m.user_id
    from identity.town_members m
    where m.role = 'admin'
    order by m.town_id, m.created_at, m.user_id;
end
$$;
comment on function identity.list_town_admins() is
  'Every town with its first admin, as whom the installation works there; for start-up alone.';

revoke all on function identity.create_town(jsonb, uuid) from public;
revoke all on function identity.set_capital(uuid) from public;
revoke all on function identity.create_owner(jsonb) from public;
revoke all on function identity.find_owner() from public;
revoke all on function identity.list_town_admins() from public;
grant execute on function identity.list_town_admins() to robbieverse_app;
grant execute on function identity.create_town(jsonb, uuid) to robbieverse_app;
grant execute on function identity.set_capital(uuid) to robbieverse_app;
grant execute on function identity.create_owner(jsonb) to robbieverse_app;
grant execute on function identity.find_owner() to robbieverse_app;
