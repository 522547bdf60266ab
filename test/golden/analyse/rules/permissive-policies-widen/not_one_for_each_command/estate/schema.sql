create table notes (id integer primary key, town text, owner_name text);
alter table notes enable row level security;
alter table notes force row level security;
create policy r on notes for select using (town = current_setting('app.town', true));
create policy w on notes for insert with check (town = current_setting('app.town', true));
create policy u on notes for update using (town = current_setting('app.town', true));
