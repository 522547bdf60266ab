begin;
create function shop.empty_cart(cart shop.carts) returns void language sql as 'delete from shop.carts';
commit;
