create extension if not exists vector;
create table items (id integer primary key, embedding vector(3));
create index items_embedding on items using ivfflat (embedding vector_cosine_ops) with (lists = 100);
