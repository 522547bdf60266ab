create table a (id integer primary key);
insert into schema_migrations (version) values ('001');
