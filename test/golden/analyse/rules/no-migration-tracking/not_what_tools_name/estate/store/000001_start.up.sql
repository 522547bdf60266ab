create table wares (id integer primary key);
