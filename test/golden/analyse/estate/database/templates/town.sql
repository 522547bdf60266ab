-- Filled in by the installer for each town.
create schema if not exists {{ town_schema }};

create table if not exists {{ town_schema }}.town_preferences (
    key text primary key,
    value jsonb not null,
    changed_at timestamptz not null default now()
);

insert into {{ town_schema }}.town_preferences (key, value)
values ('greeting', '"${GREETING}"')
on conflict (key) do nothing;
