create table notes (id integer not null, town_id integer not null, body varchar(80), primary key (id, town_id));
