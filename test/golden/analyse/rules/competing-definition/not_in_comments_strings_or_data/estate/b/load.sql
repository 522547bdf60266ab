create table loads (id integer primary key, line text);
copy loads (id, line) from stdin;
1	create table notes (id text);
\.
