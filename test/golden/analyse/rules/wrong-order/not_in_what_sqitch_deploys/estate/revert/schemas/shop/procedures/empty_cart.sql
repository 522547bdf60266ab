begin;
drop function shop.empty_cart;
commit;
