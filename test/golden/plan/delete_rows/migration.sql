delete from golden.places where size = 1;
