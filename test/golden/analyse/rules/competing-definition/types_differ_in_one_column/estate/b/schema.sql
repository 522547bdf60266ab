create table prices (id int primary key, sku text not null, amount bigint not null);
