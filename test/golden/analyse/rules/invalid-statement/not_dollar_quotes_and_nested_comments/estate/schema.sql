/* outer /* inner; */ still; */
create function f() returns text language plpgsql as $body$
begin
  -- it's fine; really
  execute $x$ select ';' $x$;
  return E'a\';b';
end
$body$;
create function add_up(a integer, b integer) returns integer begin atomic select a + b; end;
