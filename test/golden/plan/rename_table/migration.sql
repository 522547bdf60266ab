alter table golden.places rename to spots;
