create trigger places_noop before update on golden.places for each row execute function suppress_redundant_updates_trigger();
