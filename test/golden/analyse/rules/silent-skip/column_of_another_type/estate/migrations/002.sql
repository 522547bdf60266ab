alter table notes add column if not exists body varchar(80);
