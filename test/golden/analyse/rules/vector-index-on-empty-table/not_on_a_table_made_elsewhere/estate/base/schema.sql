create extension if not exists vector;
create table items (id integer primary key, embedding vector(3));
