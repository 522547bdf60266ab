drop index golden.places_size_idx;
