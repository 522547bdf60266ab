create table notes (id integer primary key, body text not null, made_at timestamptz);
create table handmade (id integer, note text);
