create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
create policy if not exists notes_read on notes for select using (true);
