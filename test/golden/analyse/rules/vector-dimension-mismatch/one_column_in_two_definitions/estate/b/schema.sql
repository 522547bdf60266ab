create extension if not exists vector;
create table messages (id integer primary key, embedding vector(768));
