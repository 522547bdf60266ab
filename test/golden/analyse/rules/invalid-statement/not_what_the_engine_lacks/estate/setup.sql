create table wares (id integer primary key, name text);
create index wares_bloom_idx on wares using bloom (id);
create function twice(a integer) returns integer language plpython3u as $$ return a * 2 $$;
create table copies (id integer) tablespace fast_disks;
alter publication supabase_realtime add table wares;
create foreign table far (id integer) server other_side;
create procedure tidy() language plpgsql as $$ begin delete from wares; commit; end $$;
call tidy();
insert into schema_migrations (version) values ('20240101');
