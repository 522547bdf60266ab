create table profiles (id bigint primary key, handle text, karma integer);
