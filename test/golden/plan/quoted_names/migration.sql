create table golden."Odd.Name" (id integer);
alter table golden."Odd.Name" add column "Mixed" integer;
alter table golden."places" add column "Mixed" integer;
