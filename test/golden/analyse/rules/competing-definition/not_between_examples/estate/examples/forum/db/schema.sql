create table posts (id uuid primary key, thread_id uuid not null, author_id uuid, text text);
