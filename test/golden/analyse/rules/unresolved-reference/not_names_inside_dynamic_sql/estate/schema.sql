create function count_all(t text) returns bigint language plpgsql as $$
declare n bigint;
begin
  create temp table found_rows (id int);
  insert into found_rows values (1);
  execute format('select count(*) from %I', t) into n;
  return n;
end $$;
