create table marks (id integer primary key);
