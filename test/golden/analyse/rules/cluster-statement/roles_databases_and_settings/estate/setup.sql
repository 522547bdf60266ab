create role app login;
alter role app set work_mem = '64MB';
create user reader;
create database shop owner app;
alter system set max_connections = 200;
create tablespace fast location '/mnt/fast';
