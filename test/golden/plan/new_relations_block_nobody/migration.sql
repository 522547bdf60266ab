create table golden.visits (id integer);
create index visits_id_idx on golden.visits (id);
alter table golden.visits add column code uuid default gen_random_uuid();
insert into golden.visits values (1);
