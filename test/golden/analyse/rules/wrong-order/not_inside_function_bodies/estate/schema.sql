create function count_tasks() returns bigint language plpgsql as $$ begin return (select count(*) from tasks); end $$;
create table tasks (id integer primary key);
