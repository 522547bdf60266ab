lock table golden.places in share mode;
