alter table messages alter column embedding type vector(1536) using null;
create table documents (id integer primary key, embedding vector(1536));
