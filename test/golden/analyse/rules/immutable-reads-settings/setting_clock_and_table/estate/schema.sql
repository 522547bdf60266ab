create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
create function town() returns text language sql immutable as $$ select current_setting('app.town', true) $$;
create function today_text() returns text language plpgsql immutable as $$ begin return now()::text; end $$;
create function how_many() returns bigint language sql immutable as $$ select count(*) from notes $$;
