do $$ begin execute 'drop table golden.parents'; end $$;
