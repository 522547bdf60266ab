alter table golden.places add column code uuid default gen_random_uuid();
