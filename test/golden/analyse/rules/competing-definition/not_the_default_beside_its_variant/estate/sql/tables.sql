create table pages (id int unsigned not null primary key auto_increment, text blob) engine=innodb;
