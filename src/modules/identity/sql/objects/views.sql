-- Older names of what stands in sealed tables: functions of the owner answer what the acting person may see of them.

create or replace function identity.list_organization_members()
returns table (organization_id uuid, user_id uuid, role text, created_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select m.organization_id, m.user_id, m.role, m.created_at
    from identity.organization_members m
    where m.organization_id = any (
      string_to_array(nullif(current_setting('app.organization_ids', true), ''), ',')::uuid[]
    );
end
$$;
comment on function identity.list_organization_members() is 'The members of the organizations of the acting person.';
revoke all on function identity.list_organization_members() from public;
grant execute on function identity.list_organization_members() to robbieverse_app;

create or replace view identity.organization_memberships with (security_invoker = true) as
  select m.organization_id as org_id, m.user_id, m.role, m.created_at as joined_at, true as is_active
  from identity.list_organization_members() m;
comment on view identity.organization_memberships is 'Who has which role in the organizations of the person who acts.';
comment on column identity.organization_memberships.org_id is 'The organization.';
comment on column identity.organization_memberships.user_id is 'The person.';
comment on column identity.organization_memberships.role is 'owner, admin, manager, employee or contractor.';
comment on column identity.organization_memberships.joined_at is 'Since when.';
comment on column identity.organization_memberships.is_active is 'Always true: who leaves has no row.';

create or replace view identity.user_sessions with (security_invoker = true) as
  select s.id, s.user_id, s.ip_address, s.user_agent, s.expires_at, s.created_at, s.updated_at as last_activity
  from identity.list_sessions() s;
comment on view identity.user_sessions is 'The sessions of the person who acts, without the secrets of their cookies.';
comment on column identity.user_sessions.id is 'Identifier.';
comment on column identity.user_sessions.user_id is 'Who is signed in.';
comment on column identity.user_sessions.ip_address is 'Where it was last used from, where that is kept.';
comment on column identity.user_sessions.user_agent is 'Browser that holds it.';
comment on column identity.user_sessions.expires_at is 'When it ends.';
comment on column identity.user_sessions.created_at is 'When it began.';
comment on column identity.user_sessions.last_activity is 'When it was last prolonged.';

grant select on identity.organization_memberships, identity.user_sessions to robbieverse_app;

create or replace view identity.roles with (security_invoker = true) as
  select r.part, r.name, r.rank, r.description
  from (values
    ('organization', 'owner', 5, 'Owns the organization; sees boss_only rows of its towns.'),
    ('organization', 'admin', 4, 'Runs the organization; sees boss_only rows of its towns.'),
    ('organization', 'manager', 0, 'Works there; has the rights of their role in each town.'),
    ('organization', 'employee', 0, 'Works there; has the rights of their role in each town.'),
    ('organization', 'contractor', 0, 'Works for it; has the rights of their role in each town.'),
    ('town', 'admin', 3, 'Runs the town: people, keys, settings; sees boss_only rows.'),
    ('town', 'user', 2, 'Reads and writes.'),
    ('town', 'readonly', 1, 'A guest: sees public rows, changes nothing.')
  ) as r (part, name, rank, description);
grant select on identity.roles to robbieverse_app;
comment on view identity.roles is 'The roles there are. What each operation needs stands with the operation.';
comment on column identity.roles.part is 'organization or town: where people have it.';
comment on column identity.roles.name is 'The role, as memberships name it.';
comment on column identity.roles.rank is 'How high it stands in a town (identity.find_standing); 0 for roles that give no rights of their own.';
comment on column identity.roles.description is 'What it allows.';
