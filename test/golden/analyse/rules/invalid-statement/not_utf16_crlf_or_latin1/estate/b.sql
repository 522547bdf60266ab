create table b_notes (id integer primary key);
