create table orders (id integer primary key, price double precision);
