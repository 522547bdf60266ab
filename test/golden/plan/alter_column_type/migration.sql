alter table golden.places alter column size type bigint;
