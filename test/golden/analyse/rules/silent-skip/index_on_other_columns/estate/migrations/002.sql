create index if not exists idx_notes on notes (made_at);
