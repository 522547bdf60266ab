create type golden.kind as enum ('one');
drop type golden.kind cascade;
create sequence golden.counter;
drop sequence golden.counter;
