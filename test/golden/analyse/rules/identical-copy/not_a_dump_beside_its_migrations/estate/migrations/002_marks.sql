create table marks (id integer primary key, note_id integer);
