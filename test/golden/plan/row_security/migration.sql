alter table golden.places enable row level security;
create policy access on golden.places using (true);
drop policy access on golden.places;
