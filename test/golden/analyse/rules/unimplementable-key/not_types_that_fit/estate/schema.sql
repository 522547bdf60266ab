create table users (id bigserial primary key, code varchar(20) unique);
create table posts (id uuid primary key, user_id integer references users(id), code text references users(code));
create index on posts (user_id);
create index on posts (code);
