create type mood as enum ('calm', 'bright');
create table notes (
  id serial primary key,
  size numeric(10),
  state mood not null default 'calm',
  kind char not null default 'n',
  made_at timestamptz(3) default now(),
  lasts interval day to second,
  words varchar(20)[],
  "Title" text
);
alter table notes enable row level security;
