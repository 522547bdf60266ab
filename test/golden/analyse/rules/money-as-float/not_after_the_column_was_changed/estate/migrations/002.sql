alter table orders alter column price type numeric(12,2);
