create table notes (id uuid primary key, town_id integer not null, body varchar(50));
alter table notes enable row level security;
create policy own on notes using (true);
