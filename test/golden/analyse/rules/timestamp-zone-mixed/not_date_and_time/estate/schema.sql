create table jobs (id integer primary key, day date, at_time time, started_at timestamptz);
