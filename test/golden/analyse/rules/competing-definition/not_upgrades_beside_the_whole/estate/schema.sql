create table hosts (id bigint primary key, name text not null, notes text);
create table checks (id bigint primary key, host_id bigint references hosts (id), state smallint);
