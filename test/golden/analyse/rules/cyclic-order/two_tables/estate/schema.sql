create table a (id integer primary key, b_id integer references b(id));
create table b (id integer primary key, a_id integer references a(id));
create index on a (b_id);
create index on b (a_id);
