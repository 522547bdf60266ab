create table notes (id integer primary key, town text, owner_name text);
alter table notes enable row level security;
alter table notes force row level security;
create policy by_town on notes for select using (town = current_setting('app.town', true));
