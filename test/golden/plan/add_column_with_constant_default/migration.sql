alter table golden.places add column rating integer not null default 3;
