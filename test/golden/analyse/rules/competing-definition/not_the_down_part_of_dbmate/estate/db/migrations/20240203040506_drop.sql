-- migrate:up
drop table notes;

-- migrate:down
create table notes (id bigint primary key, old_body varchar(10));
