create table notes (id integer primary key, body text, made_at timestamptz, author text);
