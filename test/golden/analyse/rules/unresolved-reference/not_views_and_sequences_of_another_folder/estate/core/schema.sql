create table items (id integer primary key, price numeric(10, 2));
create view cheap_items as select id from items where price < 5;
create sequence ticket_numbers;
create type size_of_item as (wide integer, tall integer);
