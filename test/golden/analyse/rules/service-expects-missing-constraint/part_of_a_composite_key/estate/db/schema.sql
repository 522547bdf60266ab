create table tags (town integer, name text, unique (town, name));
