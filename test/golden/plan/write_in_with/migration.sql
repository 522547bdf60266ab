with gone as (delete from golden.parents returning id) insert into golden.places (id) select id from gone where false;
with gone as (delete from golden.parents returning id) select count(*) from gone;
