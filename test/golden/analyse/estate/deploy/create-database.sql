-- Once per server, as its superuser:  psql -f deploy/create-database.sql postgres
\set ON_ERROR_STOP on
\echo 'Making roles and the database'

CREATE ROLE robbie_app LOGIN PASSWORD 'Kupferdraht-1987-Ost';
CREATE ROLE robbie_reader NOLOGIN;
ALTER ROLE robbie_app SET statement_timeout = '30s';

CREATE DATABASE robbieverse OWNER robbie_app ENCODING 'UTF8' TEMPLATE template0;

ALTER SYSTEM SET max_connections = 300;
ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';

\connect robbieverse
GRANT CONNECT ON DATABASE robbieverse TO robbie_reader;
