alter table golden.places set (fillfactor = 70);
