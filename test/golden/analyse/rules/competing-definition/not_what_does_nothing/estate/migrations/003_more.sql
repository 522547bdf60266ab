alter table notes add column a text, add column b text, add column c text;
alter table marks alter column value type bigint;
