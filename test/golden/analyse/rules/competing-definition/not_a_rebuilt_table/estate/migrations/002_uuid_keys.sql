create table notes_new (id uuid primary key default gen_random_uuid(), body text not null, made_at timestamptz);
insert into notes_new (body, made_at) select body, made_at from notes;
drop table notes;
alter table notes_new rename to notes;
