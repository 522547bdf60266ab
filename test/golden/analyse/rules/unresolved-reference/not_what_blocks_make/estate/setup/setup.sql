do $$ begin
  if true then execute 'create table if not exists event_log (id integer primary key, text text)'; end if;
end $$;
