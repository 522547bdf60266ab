-- Sticky notes of the town wall.
--
-- Categories: intel, reference, drafts, connections, shower-thoughts.

create table if not exists sticky_categories (
    id uuid primary key default gen_random_uuid(),
    name varchar(50) not null unique,
    display_name varchar(100) not null,
    color_code varchar(20) not null,
    icon varchar(10),
    description text,
    is_active boolean default true,
    sort_order integer default 0,
    created_at timestamptz default now()
);

create table if not exists sticky_notes (
    id uuid primary key default gen_random_uuid(),
    title varchar(255) not null,
    content text not null,
    category varchar(50) not null check (category in ('intel', 'reference', 'drafts', 'connections', 'shower-thoughts')),
    author varchar(50) not null,
    is_locked boolean default false,
    priority varchar(20) default 'medium' check (priority in ('low', 'medium', 'high', 'critical')),
    color_code varchar(20) default '#fff59d',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    created_by varchar(50),
    tags jsonb,
    metadata jsonb default '{}'
);

create index if not exists idx_sticky_notes_category on sticky_notes (category);
create index if not exists idx_sticky_notes_author on sticky_notes (author);
create index if not exists idx_sticky_notes_updated_at on sticky_notes (updated_at desc);
create index if not exists idx_sticky_notes_tags on sticky_notes using gin (tags);

create table if not exists sticky_notes_history (
    id uuid primary key default gen_random_uuid(),
    sticky_note_id uuid not null references sticky_notes(id) on delete cascade,
    action varchar(50) not null check (action in ('created', 'updated', 'deleted', 'locked', 'unlocked')),
    old_values jsonb,
    new_values jsonb,
    changed_by varchar(50) not null,
    changed_at timestamptz default now(),
    change_reason text
);

create index if not exists idx_sticky_notes_history_sticky_note_id on sticky_notes_history (sticky_note_id);

create table if not exists sticky_notes_favorites (
    id uuid primary key default gen_random_uuid(),
    sticky_note_id uuid not null references sticky_notes(id) on delete cascade,
    user_name varchar(50) not null,
    favorited_at timestamptz default now(),
    unique (sticky_note_id, user_name)
);

insert into sticky_categories (name, display_name, color_code, icon, sort_order) values
    ('intel', 'Intel', '#ffe082', '🕵', 1),
    ('reference', 'Reference', '#b3e5fc', '📚', 2),
    ('drafts', 'Drafts', '#e1bee7', '✏', 3),
    ('connections', 'Connections', '#c8e6c9', '🤝', 4),
    ('shower-thoughts', 'Shower thoughts', '#f8bbd0', '🚿', 5)
on conflict (name) do nothing;

create or replace function note_changed() returns trigger as $body$
begin
    insert into sticky_notes_history (sticky_note_id, action, old_values, new_values, changed_by)
    values (new.id, 'updated', to_jsonb(old), to_jsonb(new), coalesce(new.created_by, new.author));
    return new;
end
$body$ language plpgsql;

drop trigger if exists sticky_notes_changed on sticky_notes;
create trigger sticky_notes_changed after update on sticky_notes
    for each row execute function note_changed();
