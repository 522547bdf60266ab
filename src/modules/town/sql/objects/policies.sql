-- The settings are written by identity's sign-in functions: the towns and organizations of the person who acts.

drop policy if exists access on town.organizations;
create policy access on town.organizations for select
  using (id = any (string_to_array(nullif(current_setting('app.organization_ids', true), ''), ',')::uuid[]));

drop policy if exists access on town.towns;
create policy access on town.towns for select
  using (id = any (string_to_array(nullif(current_setting('app.town_ids', true), ''), ',')::uuid[]));

drop policy if exists access on town.organization_towns;
create policy access on town.organization_towns for select
  using (town_id = any (string_to_array(nullif(current_setting('app.town_ids', true), ''), ',')::uuid[]));
