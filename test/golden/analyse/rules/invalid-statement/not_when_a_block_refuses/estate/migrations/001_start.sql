create table kept (id integer primary key);
insert into kept (id) values (1);
