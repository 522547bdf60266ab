create table folders (id integer primary key, parent_id integer references folders(id));
create index on folders (parent_id);
