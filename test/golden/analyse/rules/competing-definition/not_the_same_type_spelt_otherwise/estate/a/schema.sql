create table notes (id int4 primary key, body varchar not null, made_at timestamptz, rank float8, is_open bool default false);
