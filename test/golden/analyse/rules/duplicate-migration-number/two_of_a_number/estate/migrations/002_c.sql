create table c (id integer primary key);
