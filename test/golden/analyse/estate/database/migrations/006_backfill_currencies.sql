-- Deals that came without a currency.
update deals set currency = 'USD' where currency is null;
alter table deals alter column currency set not null;
