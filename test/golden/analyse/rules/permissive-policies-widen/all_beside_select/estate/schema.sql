create table notes (id integer primary key, town text, owner_name text);
alter table notes enable row level security;
alter table notes force row level security;
create policy everything on notes using (town = current_setting('app.town', true));
create policy mine on notes for select using (owner_name = current_setting('app.user', true));
