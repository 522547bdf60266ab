create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
-- create table notes (id text);
/* create table notes (id text); */
insert into notes (id, body) values (1, 'create table notes (id text);');
