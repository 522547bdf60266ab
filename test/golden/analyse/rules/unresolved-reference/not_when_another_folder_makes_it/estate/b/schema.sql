create table posts (id uuid primary key, user_id uuid references users(id));
create index on posts (user_id);
