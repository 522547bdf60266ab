create table users (id integer primary key);
create table tags (id integer primary key);
create table user_tags (user_id integer references users(id), tag_id integer references tags(id), primary key (user_id, tag_id), unique (tag_id, user_id));
