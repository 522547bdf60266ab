alter table golden.places drop column size;
