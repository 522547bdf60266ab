create extension if not exists vector;
create table texts (id integer primary key, text_embedding vector(1536), text_model text default 'text-embedding-3-small');
create table pictures (id integer primary key, image_embedding vector(512), image_model text default 'clip-vit-b-32');
