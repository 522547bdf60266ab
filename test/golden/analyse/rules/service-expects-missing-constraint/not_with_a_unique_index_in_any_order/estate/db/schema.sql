create table tags (town integer, name text);
create unique index tags_key on tags (town, name);
