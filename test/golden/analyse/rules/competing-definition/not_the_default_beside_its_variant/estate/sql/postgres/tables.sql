create table pages (id bigserial primary key, text bytea);
