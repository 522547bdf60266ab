create table visits (id integer primary key, at timestamp);
create view fresh as select id from visits where at > datetime('now', '-1 day');
