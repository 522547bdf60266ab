create table rules (id bigint primary key, body text);
select pg_catalog.pg_extension_config_dump('rules', '');
