-- +goose Up
drop table notes;

-- +goose Down
create table notes (id bigint primary key, old_body varchar(10));
