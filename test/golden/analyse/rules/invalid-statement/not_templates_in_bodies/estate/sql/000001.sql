create schema :QUEUE_SCHEMA;
create table :QUEUE_SCHEMA.jobs (id bigserial primary key, name text);
create function :QUEUE_SCHEMA.add_job(name text) returns bigint language sql as $$
  insert into :QUEUE_SCHEMA.jobs (name) values (name) returning id;
$$;
create view :QUEUE_SCHEMA.names as select name from :QUEUE_SCHEMA.jobs;
