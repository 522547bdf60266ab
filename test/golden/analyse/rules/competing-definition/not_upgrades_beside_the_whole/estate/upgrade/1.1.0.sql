alter table hosts add column notes text;
create table checks (id integer primary key, host_id bigint, result text);
