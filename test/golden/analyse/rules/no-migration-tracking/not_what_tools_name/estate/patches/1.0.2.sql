alter table wares add column mark integer;
