alter table golden.parents set schema public;
