create policy access on golden.places using (true);
alter policy access on golden.places using (false);
drop policy access on golden.places;
