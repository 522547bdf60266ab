create schema :"registry";
comment on schema :"registry" is 'What was run';
create table :"registry".runs (id integer primary key):options;
comment on table :"registry".runs is 'One a run';
