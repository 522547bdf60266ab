create table golden.parents (id integer);
create index visits_id_idx on golden.parents (id);
alter table golden.parents add column code uuid default gen_random_uuid();
insert into golden.parents values (1);
