alter table golden.places disable trigger user;
