create extension if not exists vector;
create table documents (id integer primary key, embedding vector(768));
