create table items (id integer primary key, embedding vector(3));
