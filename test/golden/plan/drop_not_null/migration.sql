alter table golden.places alter column name drop not null;
