create materialized view golden.copies as select * from golden.places;
refresh materialized view golden.copies;
drop materialized view golden.copies;
