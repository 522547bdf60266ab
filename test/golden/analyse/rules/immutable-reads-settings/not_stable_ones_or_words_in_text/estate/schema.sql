create function town() returns text language sql stable as $$ select current_setting('app.town', true) $$;
create function hint() returns text language sql immutable as $$ select 'call now() or current_setting()' -- now()
$$;
create function twice(n integer) returns integer language sql immutable as $$ select n * 2 $$;
create function later(at timestamptz) returns timestamptz language sql immutable as $$ select at + interval '1 hour' $$;
