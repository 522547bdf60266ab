create table jobs (id integer primary key, payload varchar(4000), due timestamp);
