insert into account (id, kind, total) values (1, 'firm', 0);
