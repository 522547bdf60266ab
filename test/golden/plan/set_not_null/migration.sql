alter table golden.places alter column name set not null;
