create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
create table visits (at timestamptz not null, page text) partition by range (at);
