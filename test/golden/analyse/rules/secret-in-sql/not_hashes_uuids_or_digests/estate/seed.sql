create table files (id uuid primary key, sha256 text, etag text);
insert into files values ('0b7e5c2e-8a9d-4f3b-9a64-3f1f6c1e2d77', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'd41d8cd98f00b204e9800998ecf8427e');
