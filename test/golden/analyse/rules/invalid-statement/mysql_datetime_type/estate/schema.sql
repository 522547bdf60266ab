create table visits (id integer primary key, seen_at datetime not null);
