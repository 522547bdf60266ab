alter table notes drop column made_at;
alter table notes add column if not exists made_at date;
