create schema if not exists sales;
create table sales.notes (id integer primary key);
