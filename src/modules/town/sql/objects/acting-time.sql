create or replace function town.acting_time()
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, statement_timestamp());
end
$$;
comment on function town.acting_time() is
  'When the operation that is running is carried out, by its clock; the time of the statement where none is. As (select town.acting_time()) it is asked once a statement.';
revoke all on function town.acting_time() from public;
grant execute on function town.acting_time() to robbieverse_app;
