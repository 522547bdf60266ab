alter table checks add column state smallint;
alter table hosts drop constraint hosts_name_unique;
