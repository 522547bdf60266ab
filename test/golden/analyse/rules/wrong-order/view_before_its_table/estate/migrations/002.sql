create table tasks (id integer primary key, is_done boolean);
