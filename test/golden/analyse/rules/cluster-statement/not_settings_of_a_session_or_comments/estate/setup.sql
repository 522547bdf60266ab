-- create database shop;
set work_mem = '64MB';
set role none;
set session authorization default;
create table roles (id integer primary key, name text default 'alter system set x');
grant select on roles to public;
