create table comments (id integer primary key, post_id integer references posts(id));
create index on comments (post_id);
