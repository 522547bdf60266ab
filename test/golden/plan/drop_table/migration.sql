drop table golden.places;
