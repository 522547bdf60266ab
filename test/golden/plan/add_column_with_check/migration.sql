alter table golden.places add column stars integer constraint places_stars_check check (stars > 0);
