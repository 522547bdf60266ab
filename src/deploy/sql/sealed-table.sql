-- A sealed table is granted to nobody. Its row-level security is on but not forced: the owner's functions read it
-- freely and carry the town and privacy conditions themselves; anybody else sees nothing even if granted by mistake.

alter table :table enable row level security;
revoke all on :table from public, robbieverse_app;
