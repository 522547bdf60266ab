create type unit as enum ('m', 's');
create table readings (id integer primary key, unit unit);
