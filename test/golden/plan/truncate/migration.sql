truncate golden.places;
