create table teams (id integer primary key);
