alter table notes force row level security;
