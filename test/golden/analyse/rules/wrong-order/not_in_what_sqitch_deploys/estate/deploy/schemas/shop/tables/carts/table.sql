begin;
create table shop.carts (id bigint primary key, note text);
commit;
