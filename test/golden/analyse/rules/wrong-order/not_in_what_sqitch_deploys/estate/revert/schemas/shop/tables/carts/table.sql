begin;
drop table shop.carts;
commit;
