-- Notes that come up by themselves when they fit.

-- In case nobody has them yet.
create table if not exists sticky_notes (
    id uuid primary key default gen_random_uuid(),
    title text not null,
    content text not null,
    category text,
    created_at timestamptz default now()
);

alter table sticky_notes
    add column if not exists created_by text,
    add column if not exists surface_status text default 'submerged'
        check (surface_status in ('surfaced', 'submerged', 'always_visible')),
    add column if not exists surface_priority integer default 0,
    add column if not exists surface_reason text,
    add column if not exists context_tags text[],
    add column if not exists linked_files jsonb default '[]',
    add column if not exists linked_contacts text[],
    add column if not exists linked_deals uuid[],
    add column if not exists linked_tasks uuid[],
    add column if not exists last_surfaced_at timestamptz,
    add column if not exists surface_count integer default 0,
    add column if not exists dismissed_count integer default 0;

create index if not exists idx_sticky_notes_surface on sticky_notes (surface_status, surface_priority desc);

create table if not exists sticky_note_surfaces (
    id uuid primary key default gen_random_uuid(),
    note_id uuid references sticky_notes(id) on delete cascade,
    surfaced_at timestamptz default now(),
    surface_context jsonb,
    user_action text,
    was_helpful boolean default false,
    time_to_action_seconds integer,
    created_at timestamptz default now()
);

create index if not exists idx_sticky_note_surfaces_note_id on sticky_note_surfaces (note_id);

create table if not exists context_triggers (
    id uuid primary key default gen_random_uuid(),
    trigger_type text not null,
    trigger_value text not null,
    note_ids uuid[],
    surface_priority integer default 50,
    surface_window_minutes integer default 30,
    is_active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (trigger_type, trigger_value)
);

create table if not exists google_workspace_links (
    id uuid primary key default gen_random_uuid(),
    note_id uuid references sticky_notes(id) on delete cascade,
    link_type text not null check (link_type in ('doc', 'sheet', 'slide', 'folder')),
    file_id text not null,
    file_name text not null,
    file_url text not null,
    shared_with text[],
    last_modified timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_google_workspace_links_file_id on google_workspace_links (file_id);
create index if not exists idx_google_workspace_links_note_id on google_workspace_links (note_id);

create table if not exists sticky_note_learning (
    id uuid primary key default gen_random_uuid(),
    pattern_type text not null,
    pattern_data jsonb not null,
    confidence_score double precision default 0.5,
    usage_count integer default 0,
    success_count integer default 0,
    last_used timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_sticky_note_learning_pattern_type on sticky_note_learning (pattern_type);

create or replace view surfaced_notes_view as
select n.id, n.title, n.content, n.category, n.surface_priority, n.surface_reason
from sticky_notes n
where n.surface_status in ('surfaced', 'always_visible')
order by n.surface_priority desc;
