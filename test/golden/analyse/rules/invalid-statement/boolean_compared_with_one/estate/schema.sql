create table flags (id integer primary key, is_on boolean);
create view on_flags as select id from flags where is_on = 1;
