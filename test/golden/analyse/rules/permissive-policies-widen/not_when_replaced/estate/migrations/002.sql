drop policy by_town on notes;
create policy by_owner on notes for select using (owner_name = current_setting('app.user', true));
