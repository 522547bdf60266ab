create table rules (id uuid primary key, body jsonb not null);
