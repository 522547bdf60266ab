create table spots (town integer, number integer, primary key (town, number));
create table visits (id integer primary key, town integer, number integer, foreign key (town, number) references spots);
create index on visits (number, town);
