alter table notes add column mark integer;
