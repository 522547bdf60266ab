create view cheap_count as select count(*) from cheap_items;
create table tickets (id integer primary key default nextval('ticket_numbers'), size size_of_item);
create function first_item() returns items language sql as 'select * from items limit 1';
