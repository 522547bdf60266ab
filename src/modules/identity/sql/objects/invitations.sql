-- Who is asked into a town. Bosses invite; accepting is done from another town, so that nothing of this one is visible yet.

create or replace function identity.create_invitation(p_invitation jsonb, p_token_hash bytea)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(current_setting('app.clearance', true), '') <> 'boss' or not exists (
    select from identity.town_members m
    where m.town_id = current_setting('app.town_id')::uuid and m.user_id = current_setting('app.user_id')::uuid
  ) then
    raise exception 'people are invited by bosses of the town' using errcode = '42501';
  end if;
  insert into identity.invitations (
    id, town_id, email, role, attraction_ceiling, token_hash, invited_by, created_at, expires_at
  )
  select i.id, current_setting('app.town_id')::uuid, i.email, i.role, i.attraction_ceiling, p_token_hash,
    current_setting('app.user_id')::uuid, i.created_at, i.expires_at
  from jsonb_to_record(p_invitation) as i (
    id uuid, email text, role text, attraction_ceiling integer, created_at timestamptz, expires_at timestamptz
  );
end
$$;
comment on function identity.create_invitation(jsonb, bytea) is 'Stores an invitation into the current town, for a boss.';

create or replace function identity.list_invitations()
returns table (
  id uuid, email text, role text, attraction_ceiling integer, invited_by uuid, created_at timestamptz,
  expires_at timestamptz, revoked_at timestamptz, accepted_at timestamptz, accepted_by uuid
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_is_boss boolean := coalesce(current_setting('app.clearance', true), '') = 'boss';
begin
  return query
    select i.id, i.email, i.role, i.attraction_ceiling, i.invited_by, i.created_at, i.expires_at, i.revoked_at,
      i.accepted_at, i.accepted_by
    from identity.invitations i
    where v_is_boss and i.town_id = v_town_id;
end
$$;
comment on function identity.list_invitations() is 'The invitations into the current town, for bosses; none for anybody else.';

create or replace function identity.revoke_invitation(p_id uuid, p_now timestamptz)
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_revoked_at timestamptz;
begin
  if coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    return null;
  end if;
  update identity.invitations i
  set revoked_at = p_now
  where i.id = p_id and i.accepted_at is null and i.revoked_at is null
    and i.town_id = nullif(current_setting('app.town_id', true), '')::uuid
  returning i.revoked_at into v_revoked_at;
  if not found then
    select i.revoked_at into v_revoked_at
    from identity.invitations i
    where i.id = p_id and i.accepted_at is null
      and i.town_id = nullif(current_setting('app.town_id', true), '')::uuid;
  end if;
  return v_revoked_at;
end
$$;
comment on function identity.revoke_invitation(uuid, timestamptz) is
  'Takes an invitation back and says when; null when there is none that the actor may take back, or it was accepted.';

create or replace function identity.accept_invitation(p_token_hash bytea, p_now timestamptz)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_invitation identity.invitations;
  v_refused text;
begin
  select * into v_invitation from identity.invitations i where i.token_hash = p_token_hash for update;
  if not found or v_user_id is null or not exists (
    select from identity.users u where u.id = v_user_id and lower(u.email) = lower(v_invitation.email)
  ) then
    -- Whoever it is not for learns not even that it exists.
    return jsonb_build_object('refused', 'unknown');
  end if;
  v_refused := case
    when v_invitation.accepted_at is not null then 'accepted'
    when v_invitation.revoked_at is not null then 'revoked'
    when v_invitation.expires_at <= p_now then 'expired'
    when exists (
      select from identity.town_members m where m.town_id = v_invitation.town_id and m.user_id = v_user_id
    ) then 'member'
  end;
  if v_refused is not null then
    return jsonb_build_object('refused', v_refused);
  end if;
  insert into identity.town_members (town_id, user_id, role, attraction_ceiling, created_at)
  values (v_invitation.town_id, v_user_id, v_invitation.role, v_invitation.attraction_ceiling, p_now);
  update identity.invitations i
  set accepted_at = p_now, accepted_by = v_user_id,
    accepted_key_id = nullif(current_setting('app.key_id', true), '')::uuid
  where i.id = v_invitation.id;
  -- Where they were before, others may have signed in as them: none of that leads into this town.
  delete from identity.sessions s where s.user_id = v_user_id;
  perform identity.end_links(v_user_id);
  return jsonb_build_object('id', v_invitation.id, 'townId', v_invitation.town_id, 'role', v_invitation.role,
    'attractionCeiling', v_invitation.attraction_ceiling);
end
$$;
comment on function identity.accept_invitation(bytea, timestamptz) is
  'Makes the acting person a member of the town that the invitation to their address is for, and ends their sessions; {"refused": unknown|accepted|revoked|expired|member} otherwise.';

revoke all on function identity.create_invitation(jsonb, bytea) from public;
revoke all on function identity.list_invitations() from public;
revoke all on function identity.revoke_invitation(uuid, timestamptz) from public;
revoke all on function identity.accept_invitation(bytea, timestamptz) from public;
grant execute on function identity.create_invitation(jsonb, bytea) to robbieverse_app;
grant execute on function identity.list_invitations() to robbieverse_app;
grant execute on function identity.revoke_invitation(uuid, timestamptz) to robbieverse_app;
grant execute on function identity.accept_invitation(bytea, timestamptz) to robbieverse_app;
