create table b (id integer primary key);
