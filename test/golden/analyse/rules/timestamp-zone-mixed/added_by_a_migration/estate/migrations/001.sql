create table jobs (id integer primary key, started_at timestamptz);
