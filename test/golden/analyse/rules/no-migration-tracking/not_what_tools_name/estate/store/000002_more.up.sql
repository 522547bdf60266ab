alter table wares add column name text;
