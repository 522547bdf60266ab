update golden.places set size = size + 1;
