alter table golden.places add column label text generated always as (name || '!') stored;
