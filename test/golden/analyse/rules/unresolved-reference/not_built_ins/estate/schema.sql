create extension if not exists pgcrypto;
create table things (id bigserial primary key, key uuid default gen_random_uuid(), made_at timestamptz default now(), at regclass, digest bytea default digest('a', 'sha256'), place point, words tsvector);
create index on things using gin (words);
create view tables as select c.relname, pg_size_pretty(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace;
create view names as select table_name from information_schema.tables;
create view days as select d from generate_series(now() - interval '7 days', now(), '1 day') d;
