drop table if exists notes cascade;
create table notes (id uuid primary key, title text not null);
