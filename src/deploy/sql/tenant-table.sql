-- The lock on every tenant table, written once: :table and :grants are filled in by deploy.
-- One policy, because permissive ones are OR-ed and widen, and Citus turns restrictive ones into permissive ones.
-- No sub-select, because Citus cannot propagate it. A pooled connection hands back '' for an unset town, hence nullif.

alter table :table enable row level security;
alter table :table force row level security;
drop policy if exists access on :table;
create policy access on :table
  using (
    town_id = nullif(current_setting('app.town_id', true), '')::uuid
    and case privacy
      when 'public' then true
      when 'team' then coalesce(current_setting('app.clearance', true), '') in ('member', 'boss')
      when 'private' then created_by = nullif(current_setting('app.user_id', true), '')::uuid
      when 'boss_only' then coalesce(current_setting('app.clearance', true), '') = 'boss'
      else false
    end
  )
  with check (
    town_id = nullif(current_setting('app.town_id', true), '')::uuid
    and coalesce(current_setting('app.clearance', true), '') in ('member', 'boss')
    and case privacy
      when 'public' then true
      when 'team' then true
      when 'private' then created_by = nullif(current_setting('app.user_id', true), '')::uuid
      when 'boss_only' then coalesce(current_setting('app.clearance', true), '') = 'boss'
      else false
    end
  );
revoke all on :table from public, robbieverse_app;
grant :grants on :table to robbieverse_app;
