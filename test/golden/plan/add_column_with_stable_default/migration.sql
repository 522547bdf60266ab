alter table golden.places add column seen_at timestamptz not null default now();
