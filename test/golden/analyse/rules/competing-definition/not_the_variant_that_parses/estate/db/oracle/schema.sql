create table jobs (id numeric(19) primary key, payload varchar(4000), due date);
