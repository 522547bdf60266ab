alter table golden.places drop constraint places_pkey;
