create table users (id integer primary key);
create table posts (id integer primary key, is_open boolean, user_id integer references users(id));
create index on posts (user_id) where is_open;
