create view firms as select id from account where kind = 'firm';
