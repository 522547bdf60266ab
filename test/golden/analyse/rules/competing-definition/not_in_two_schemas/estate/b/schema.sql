create schema if not exists support;
set search_path = support;
create table notes (id uuid primary key, title text);
