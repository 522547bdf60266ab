create table "Post" ("id" text primary key);
