create table notes (id integer primary key, body text not null);
create table tags (id integer primary key, name text not null);
create table applied_migrations (filename text primary key, applied_at timestamptz not null default now());
insert into applied_migrations (filename) values ('001_notes.sql'), ('002_tags.sql');
