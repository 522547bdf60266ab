create schema support;
set search_path to support;
create table notes (id uuid primary key);
