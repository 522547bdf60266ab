create table notes (id integer primary key, body text);
create view bodies as select body from notes;
create function one() returns integer language sql as $$ select 1 $$;
create view hand_view as select id from notes;
create function hand_made(integer) returns integer language sql as $$ select $1 $$;
