alter table golden.places add constraint places_size_key unique (size);
