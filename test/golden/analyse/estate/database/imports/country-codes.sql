-- Part of a dump.
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.country_codes (
    code character(2) NOT NULL,
    name text NOT NULL,
    note text
);

COPY public.country_codes (code, name, note) FROM stdin;
AT	Austria	\N
DE	Germany	it's a note; with a semicolon
US	United States	create table fooled (id int);
\.

ALTER TABLE ONLY public.country_codes
    ADD CONSTRAINT country_codes_pkey PRIMARY KEY (code);
