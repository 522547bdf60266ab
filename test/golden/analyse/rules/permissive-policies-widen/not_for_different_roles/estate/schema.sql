create role clerk;
create role auditor;
create table notes (id integer primary key, town text, owner_name text);
alter table notes enable row level security;
alter table notes force row level security;
create policy by_town on notes for select to clerk using (town = current_setting('app.town', true));
create policy all_of_it on notes for select to auditor using (true);
