create table notes (made_at timestamptz, body text not null, id integer primary key);
