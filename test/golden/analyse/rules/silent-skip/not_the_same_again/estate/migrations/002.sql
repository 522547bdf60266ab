create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
alter table notes add column if not exists body text;
create extension if not exists plpgsql;
create schema if not exists public;
