alter table golden.places add constraint places_size_check check (size > 0);
