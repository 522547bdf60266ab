create table notes (id integer primary key, body text);
create view bodies as select body from notes;
create function one() returns integer language sql as $$ select 1 $$;
