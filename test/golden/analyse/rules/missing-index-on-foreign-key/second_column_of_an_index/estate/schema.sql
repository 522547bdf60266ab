create table users (id integer primary key);
create table posts (id integer primary key, at timestamptz, user_id integer references users(id));
create index on posts (at, user_id);
