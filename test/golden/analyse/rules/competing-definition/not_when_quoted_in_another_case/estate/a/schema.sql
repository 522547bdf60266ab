create table "Notes" ("Id" integer primary key);
