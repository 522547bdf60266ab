create table runs (id bigint primary key, job bigint);
