create schema archive;
set search_path to archive;
create table old_notes (id integer primary key);
