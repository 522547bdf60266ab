create extension pg_stat_statements;
create extension hstore;
create table notes (id integer primary key, body text);
