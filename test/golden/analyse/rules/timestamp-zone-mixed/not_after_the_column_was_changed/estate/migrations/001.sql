create table jobs (id integer primary key, started_at timestamp, ended_at timestamptz);
