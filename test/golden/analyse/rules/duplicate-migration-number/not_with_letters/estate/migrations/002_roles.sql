create table roles (id integer primary key);
