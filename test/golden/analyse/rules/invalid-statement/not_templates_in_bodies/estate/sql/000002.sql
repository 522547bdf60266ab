create function @NAMESPACE@.level_of(text) returns integer language plpgsql as $$
begin
  return (select count(*) from @NAMESPACE@.levels);
end $$;
select @NAMESPACE@.level_of('x');
