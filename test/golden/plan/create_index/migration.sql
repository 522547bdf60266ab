create index places_name_idx on golden.places (name);
