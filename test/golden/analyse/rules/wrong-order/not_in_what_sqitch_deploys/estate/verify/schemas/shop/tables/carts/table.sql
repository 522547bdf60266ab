begin;
select missing from shop.carts where false;
rollback;
