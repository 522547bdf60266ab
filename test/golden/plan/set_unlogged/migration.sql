alter table golden.places set unlogged;
