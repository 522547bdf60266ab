alter table golden.places add column code text unique;
