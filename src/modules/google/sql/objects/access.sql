-- Both run with the rights of whoever asks: accounts and rules that they may not see open nothing.

create or replace function google.can_access_google_data(
  p_viewer_id uuid, p_target_id uuid, p_kind text, p_at timestamptz
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
begin
  if p_kind is null or p_kind not in ('gmail', 'calendar', 'drive', 'tasks', 'contacts') then
    return false;
  end if;
  return exists (
    select from google.google_workspace_users u
    where u.town_id = v_town_id and u.id = p_target_id
      and (
        u.user_id = p_viewer_id
        or exists (
          select from google.google_data_access_rules r
          where r.town_id = v_town_id and r.viewer_id = p_viewer_id
            and (r.domain_id = u.domain_id or (r.domain_id is null and r.target_email is not null))
            and (r.target_email is null or lower(r.target_email) = lower(u.email))
            and (r.expires_at is null or r.expires_at > p_at)
            and (
              r.is_admin_access
              or case p_kind
                when 'gmail' then r.can_view_gmail
                when 'calendar' then r.can_view_calendar
                when 'drive' then r.can_view_drive
                when 'tasks' then r.can_view_tasks
                else r.can_view_contacts
              end
            )
        )
      )
  );
end
$$;
comment on function google.can_access_google_data(uuid, uuid, text, timestamptz) is
  'Whether a person may at that time see things of a kind (gmail, calendar, drive, tasks, contacts) of an account: their own, or by an access rule that the actor sees.';

create or replace function google.open_account(p_account_id uuid, p_kind text, p_at timestamptz)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_viewer_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_owner_id uuid;
begin
  if not google.can_access_google_data(v_viewer_id, p_account_id, p_kind, p_at) then
    return false;
  end if;
  select u.user_id into v_owner_id
  from google.google_workspace_users u
  where u.town_id = v_town_id and u.id = p_account_id;
  -- An account of nobody here has no private rows of its own person.
  if v_owner_id is not null then
    perform set_config('app.user_id', v_owner_id::text, true);
  end if;
  return true;
end
$$;
comment on function google.open_account(uuid, text, timestamptz) is
  'Lets the rest of the transaction see as the account''s person does, with the actor''s clearance, if the actor may see that kind of it; says whether it did.';

revoke all on function google.can_access_google_data(uuid, uuid, text, timestamptz) from public;
revoke all on function google.open_account(uuid, text, timestamptz) from public;
grant execute on function google.can_access_google_data(uuid, uuid, text, timestamptz) to robbieverse_app;
grant execute on function google.open_account(uuid, text, timestamptz) to robbieverse_app;
