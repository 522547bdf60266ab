create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
