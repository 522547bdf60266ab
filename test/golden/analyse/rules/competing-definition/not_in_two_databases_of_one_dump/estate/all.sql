create database shop;
\connect shop
create table users (id integer primary key, name text);
\connect desk
create table users (id uuid primary key, title text);
\c - admin
create table tickets (id integer primary key, user_id uuid references users (id));
