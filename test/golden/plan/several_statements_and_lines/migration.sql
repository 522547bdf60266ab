-- A comment; with a semicolon.
alter table golden.places add column a text default 'x;y';

/* and
   more */ update golden.places set a = $q$;$q$;
do $$ begin perform 1; end $$;
