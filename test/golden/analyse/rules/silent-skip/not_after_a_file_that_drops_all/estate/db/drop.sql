drop table if exists readings;
drop type if exists unit;
