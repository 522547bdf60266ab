-- robbieverse: no-transaction
drop index concurrently if exists golden.places_size_idx;
