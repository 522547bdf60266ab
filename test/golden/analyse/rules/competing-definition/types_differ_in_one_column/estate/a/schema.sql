create table prices (id int primary key, sku text not null, amount numeric(10,2) not null);
