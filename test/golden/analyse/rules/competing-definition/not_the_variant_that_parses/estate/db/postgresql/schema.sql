create table jobs (id bigint primary key, payload jsonb, due timestamptz);
