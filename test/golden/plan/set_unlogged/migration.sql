alter table golden.parents set unlogged;
