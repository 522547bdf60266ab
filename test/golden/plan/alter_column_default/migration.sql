alter table golden.places alter column size set default 1;
