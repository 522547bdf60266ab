-- A table without a town. Its policies stand in its module's objects; without one it shows nothing to requests.
-- Not forced: sign-in and the town's making run as functions of the owner, before any town is known.

alter table :table enable row level security;
revoke all on :table from public, robbieverse_app;
grant :grants on :table to robbieverse_app;
