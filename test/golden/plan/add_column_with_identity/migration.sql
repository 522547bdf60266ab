alter table golden.places add column number integer generated always as identity;
