create table visits (id integer primary key, page text, index idx_page (page));
