alter table notes add column headline text;
alter table notes rename column made_at to written_at;
