create schema sales;
create table sales.notes (id integer primary key);
