alter table rules alter column id type bigint;
alter extension rules add table rules;
