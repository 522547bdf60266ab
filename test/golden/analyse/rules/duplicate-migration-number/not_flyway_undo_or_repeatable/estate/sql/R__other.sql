create or replace view bv as select id from a;
