alter table golden.places disable row level security, no force row level security;
