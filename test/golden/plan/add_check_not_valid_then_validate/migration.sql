alter table golden.places add constraint places_size_check check (size > 0) not valid;
alter table golden.places validate constraint places_size_check;
