create table if not exists public.notes (id integer primary key, body text not null, made_at timestamptz);
