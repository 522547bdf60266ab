create table links (id bigserial primary key, page bigint);
