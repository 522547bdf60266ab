create table profiles (id uuid primary key, full_name text);
