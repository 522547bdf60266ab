-- robbieverse: no-transaction
create index concurrently places_name_idx on golden.places (name);
