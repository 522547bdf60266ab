--
-- PostgreSQL database dump
--

set search_path = '';
create table public.notes (id integer not null, text text);
alter table only public.notes add constraint notes_pkey primary key (id);
