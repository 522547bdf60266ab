-- robbieverse: no-transaction
reindex table golden.places;
