create table account (id bigint primary key, kind account_kind not null, total numeric(12, 2));
