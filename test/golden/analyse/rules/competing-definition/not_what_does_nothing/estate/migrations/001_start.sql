create table notes (id integer primary key, text text);
create table marks (id integer primary key, value integer);
