create table orders (id integer primary key, unit_price real not null, total_amount double precision, currency char(3));
