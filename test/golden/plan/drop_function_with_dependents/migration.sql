create function golden.f() returns integer language sql as 'select 1';
drop function golden.f() cascade;
