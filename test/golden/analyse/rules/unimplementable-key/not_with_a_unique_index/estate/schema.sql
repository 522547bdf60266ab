create table users (id integer primary key, org integer not null, number integer not null);
create unique index users_number on users (org, number);
create table posts (id integer primary key, org integer, number integer, foreign key (number, org) references users (number, org));
create index on posts (number, org);
