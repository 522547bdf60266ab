create unique index places_two_idx on golden.places (size, name);
alter table golden.places add constraint places_two_key unique using index places_two_idx;
