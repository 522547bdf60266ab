create or replace view av as select id from a;
