alter table golden.places alter column size set statistics 500;
