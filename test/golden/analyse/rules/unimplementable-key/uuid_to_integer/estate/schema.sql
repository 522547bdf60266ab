create table users (id serial primary key);
create table posts (id uuid primary key, user_id uuid references users(id));
create index on posts (user_id);
create table likes (post_id uuid references posts(id), primary key (post_id));
