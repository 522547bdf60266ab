alter table golden.places add column note text;
