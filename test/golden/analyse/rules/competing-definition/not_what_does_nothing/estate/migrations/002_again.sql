create table if not exists notes (id integer primary key);
create table if not exists marks (id integer primary key, value integer);
