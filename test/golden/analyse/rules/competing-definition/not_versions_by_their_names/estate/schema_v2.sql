create table people (id uuid primary key, name text, born date);
