create extension if not exists vector;
create table messages (id integer primary key, embedding vector(1536));
create table documents (id integer primary key, embedding vector(1536), sparse sparsevec(30000));
