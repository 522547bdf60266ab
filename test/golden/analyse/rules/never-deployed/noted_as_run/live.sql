create table notes (id integer primary key);
create table schema_migrations (version bigint primary key, dirty boolean not null);
insert into schema_migrations values (2, false);
