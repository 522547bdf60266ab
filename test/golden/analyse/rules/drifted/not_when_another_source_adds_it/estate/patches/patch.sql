alter table notes add column author text;
alter table notes alter column body drop not null;
