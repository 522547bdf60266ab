create table if not exists notes (id uuid primary key, title text not null, body text);
