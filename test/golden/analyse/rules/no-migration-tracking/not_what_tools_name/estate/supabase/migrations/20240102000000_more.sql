alter table notes add column text text;
