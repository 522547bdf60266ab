begin;
create schema shop;
commit;
