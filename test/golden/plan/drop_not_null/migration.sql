alter table golden.places alter column id drop not null;
