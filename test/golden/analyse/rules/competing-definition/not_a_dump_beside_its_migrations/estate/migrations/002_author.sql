alter table notes add column author varchar(50);
