create extension if not exists vector;
create table items (id integer primary key, embedding vector(3));
insert into items (id, embedding) values (1, '[1,2,3]'), (2, '[3,2,1]');
create index items_embedding on items using ivfflat (embedding vector_cosine_ops) with (lists = 1);
