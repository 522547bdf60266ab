do $$ begin if not exists (select from pg_extension where extname = 'timescaledb') then raise exception 'needs timescaledb'; end if; end $$;
set some_module.level = 'high';
set default_with_oids = false;
insert into kept (id) values (1);
