create table "User" ("id" text primary key);
