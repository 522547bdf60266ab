\set ON_ERROR_STOP on
\echo 'making :schema'
create table {{ prefix }}_notes (id integer primary key, body text);
create table ${PREFIX}_tags (id integer primary key);
create table :"owner".labels (id integer primary key);
create table sizes (id integer, name text);
COPY sizes (id, name) FROM stdin;
1	it's; small
2	\N
\.
\if :want
select 1;
\endif
