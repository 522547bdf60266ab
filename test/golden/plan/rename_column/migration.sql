alter table golden.places rename column name to title;
