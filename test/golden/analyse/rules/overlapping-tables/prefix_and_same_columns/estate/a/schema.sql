create table contacts (id uuid primary key, first_name text, last_name text, email text, phone text);
