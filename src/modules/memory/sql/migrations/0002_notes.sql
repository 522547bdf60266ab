create table memory.ai_working_memory (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  personality_id uuid not null,
  memory_type text not null,
  content text not null,
  priority integer not null default 5,
  expires_at timestamptz,
  is_reminded boolean not null default false,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_working_memory_pkey primary key (town_id, id),
  constraint ai_working_memory_external_id_key unique (town_id, external_id),
  constraint ai_working_memory_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id),
  constraint ai_working_memory_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_working_memory_memory_type_check check (memory_type in ('commitment', 'reminder', 'task', 'context')),
  constraint ai_working_memory_content_check check (length(content) between 1 and 20000),
  constraint ai_working_memory_priority_check check (priority between 1 and 10),
  constraint ai_working_memory_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_working_memory_created_at_idx on memory.ai_working_memory (town_id, created_at desc, id desc);
create index ai_working_memory_priority_idx on memory.ai_working_memory (town_id, priority desc, id desc);
create index ai_working_memory_expires_at_idx on memory.ai_working_memory (town_id, expires_at, id);
create index ai_working_memory_personality_id_idx on memory.ai_working_memory (town_id, personality_id);
create index ai_working_memory_memory_type_idx on memory.ai_working_memory (town_id, memory_type);

create table memory.sticky_categories (
  town_id uuid not null,
  id uuid not null,
  slug text not null,
  display_name text not null,
  color text,
  icon text,
  description text,
  is_active boolean not null default true,
  sort_order integer not null default 100,
  is_shipped boolean not null default false,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sticky_categories_pkey primary key (town_id, id),
  constraint sticky_categories_slug_key unique (town_id, slug),
  constraint sticky_categories_slug_check check (length(slug) between 1 and 50),
  constraint sticky_categories_display_name_check check (length(display_name) between 1 and 100),
  constraint sticky_categories_color_check check (length(color) between 1 and 20),
  constraint sticky_categories_icon_check check (length(icon) between 1 and 16),
  constraint sticky_categories_description_check check (length(description) between 1 and 2000),
  constraint sticky_categories_sort_order_check check (sort_order between 0 and 1000),
  constraint sticky_categories_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_categories_created_at_idx on memory.sticky_categories (town_id, created_at desc, id desc);
create index sticky_categories_sort_order_idx on memory.sticky_categories (town_id, sort_order, id);
create index sticky_categories_is_active_idx on memory.sticky_categories (town_id, is_active);

create table memory.sticky_notes (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  title text not null,
  content text not null,
  category text not null,
  author text,
  is_locked boolean not null default false,
  priority text not null default 'medium',
  color text,
  tags text[] not null default '{}',
  surface_status text not null default 'submerged',
  surface_priority integer not null default 50,
  surface_reason text,
  context_tags text[] not null default '{}',
  linked_people text[] not null default '{}',
  linked_contact_ids uuid[] not null default '{}',
  linked_deal_ids uuid[] not null default '{}',
  linked_task_ids uuid[] not null default '{}',
  linked_files jsonb not null default '[]',
  people_mentioned text[] not null default '{}',
  companies_mentioned text[] not null default '{}',
  projects_mentioned text[] not null default '{}',
  emotional_tone text,
  importance double precision,
  sharing_potential double precision,
  celebration_potential double precision,
  permission_asked_at timestamptz,
  permission_granted_at timestamptz,
  permission_denied_at timestamptz,
  context text,
  source text,
  source_metadata jsonb not null default '{}',
  related_kind text,
  related_id uuid,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sticky_notes_pkey primary key (town_id, id),
  constraint sticky_notes_external_id_key unique (town_id, external_id),
  constraint sticky_notes_category_fkey foreign key (town_id, category)
    references memory.sticky_categories (town_id, slug),
  constraint sticky_notes_external_id_check check (length(external_id) between 1 and 200),
  constraint sticky_notes_title_check check (length(title) between 1 and 255),
  constraint sticky_notes_content_check check (length(content) between 1 and 200000),
  constraint sticky_notes_category_check check (length(category) between 1 and 50),
  constraint sticky_notes_author_check check (length(author) between 1 and 200),
  constraint sticky_notes_priority_check check (priority in ('low', 'medium', 'high', 'critical')),
  constraint sticky_notes_color_check check (length(color) between 1 and 20),
  constraint sticky_notes_tags_check check (cardinality(tags) <= 50),
  constraint sticky_notes_surface_status_check check (surface_status in ('surfaced', 'submerged', 'always_visible')),
  constraint sticky_notes_surface_priority_check check (surface_priority between 0 and 100),
  constraint sticky_notes_surface_reason_check check (length(surface_reason) between 1 and 1000),
  constraint sticky_notes_context_tags_check check (cardinality(context_tags) <= 50),
  constraint sticky_notes_linked_people_check check (cardinality(linked_people) <= 50),
  constraint sticky_notes_linked_contact_ids_check check (cardinality(linked_contact_ids) <= 50),
  constraint sticky_notes_linked_deal_ids_check check (cardinality(linked_deal_ids) <= 50),
  constraint sticky_notes_linked_task_ids_check check (cardinality(linked_task_ids) <= 50),
  constraint sticky_notes_people_mentioned_check check (cardinality(people_mentioned) <= 50),
  constraint sticky_notes_companies_mentioned_check check (cardinality(companies_mentioned) <= 50),
  constraint sticky_notes_projects_mentioned_check check (cardinality(projects_mentioned) <= 50),
  constraint sticky_notes_emotional_tone_check check (length(emotional_tone) between 1 and 50),
  constraint sticky_notes_importance_check check (importance between 0 and 1),
  constraint sticky_notes_sharing_potential_check check (sharing_potential between 0 and 1),
  constraint sticky_notes_celebration_potential_check check (celebration_potential between 0 and 1),
  constraint sticky_notes_context_check check (length(context) between 1 and 20000),
  constraint sticky_notes_source_check check (length(source) between 1 and 100),
  constraint sticky_notes_related_kind_check check (length(related_kind) between 1 and 60),
  constraint sticky_notes_related_check check (related_kind is not null or related_id is null),
  constraint sticky_notes_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_notes_created_at_idx on memory.sticky_notes (town_id, created_at desc, id desc);
create index sticky_notes_updated_at_idx on memory.sticky_notes (town_id, updated_at desc, id desc);
create index sticky_notes_surface_priority_idx on memory.sticky_notes (town_id, surface_priority desc, id desc);
create index sticky_notes_title_idx on memory.sticky_notes (town_id, title, id);
create index sticky_notes_category_idx on memory.sticky_notes (town_id, category);
create index sticky_notes_priority_idx on memory.sticky_notes (town_id, priority);
create index sticky_notes_surface_status_idx on memory.sticky_notes (town_id, surface_status);
create index sticky_notes_related_id_idx on memory.sticky_notes (town_id, related_id);

create table memory.sticky_notes_history (
  town_id uuid not null,
  id uuid not null,
  note_id uuid not null,
  note_version integer not null,
  action text not null,
  old_values jsonb not null default '{}',
  new_values jsonb not null default '{}',
  changed_by uuid not null,
  reason text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sticky_notes_history_pkey primary key (town_id, id),
  constraint sticky_notes_history_note_version_check check (note_version >= 1),
  constraint sticky_notes_history_action_check
    check (action in ('created', 'updated', 'deleted', 'locked', 'unlocked')),
  constraint sticky_notes_history_reason_check check (length(reason) between 1 and 1000),
  constraint sticky_notes_history_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_notes_history_created_at_idx on memory.sticky_notes_history (town_id, created_at desc, id desc);
create index sticky_notes_history_note_id_idx on memory.sticky_notes_history (town_id, note_id, note_version);
create index sticky_notes_history_changed_by_idx on memory.sticky_notes_history (town_id, changed_by);

create table memory.sticky_notes_favorites (
  town_id uuid not null,
  id uuid not null,
  note_id uuid not null,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  constraint sticky_notes_favorites_pkey primary key (town_id, id),
  constraint sticky_notes_favorites_note_id_fkey foreign key (town_id, note_id)
    references memory.sticky_notes (town_id, id) on delete cascade,
  constraint sticky_notes_favorites_note_id_created_by_key unique (town_id, note_id, created_by),
  constraint sticky_notes_favorites_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_notes_favorites_created_by_idx on memory.sticky_notes_favorites (town_id, created_by);

create table memory.sticky_note_surfaces (
  town_id uuid not null,
  id uuid not null,
  note_id uuid not null,
  surfaced_at timestamptz not null,
  reason text,
  context jsonb not null default '{}',
  action text,
  is_helpful boolean,
  seconds_to_action integer,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sticky_note_surfaces_pkey primary key (town_id, id),
  constraint sticky_note_surfaces_note_id_fkey foreign key (town_id, note_id)
    references memory.sticky_notes (town_id, id) on delete cascade,
  constraint sticky_note_surfaces_reason_check check (length(reason) between 1 and 1000),
  constraint sticky_note_surfaces_action_check
    check (action in ('opened', 'used', 'edited', 'snoozed', 'dismissed', 'ignored')),
  constraint sticky_note_surfaces_seconds_to_action_check check (seconds_to_action >= 0),
  constraint sticky_note_surfaces_reaction_check check (action is not null or seconds_to_action is null),
  constraint sticky_note_surfaces_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_note_surfaces_created_at_idx on memory.sticky_note_surfaces (town_id, created_at desc, id desc);
create index sticky_note_surfaces_surfaced_at_idx on memory.sticky_note_surfaces (town_id, surfaced_at desc, id desc);
create index sticky_note_surfaces_note_id_idx on memory.sticky_note_surfaces (town_id, note_id);
create index sticky_note_surfaces_action_idx on memory.sticky_note_surfaces (town_id, action);

create table memory.context_triggers (
  town_id uuid not null,
  id uuid not null,
  trigger_type text not null,
  trigger_value text not null,
  note_ids uuid[] not null default '{}',
  surface_priority integer not null default 50,
  surface_window_minutes integer not null default 30,
  is_active boolean not null default true,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint context_triggers_pkey primary key (town_id, id),
  constraint context_triggers_trigger_type_check
    check (trigger_type in ('meeting', 'person', 'company', 'deal', 'file', 'time_of_day', 'keyword')),
  constraint context_triggers_trigger_value_check check (length(trigger_value) between 1 and 500),
  constraint context_triggers_note_ids_check check (cardinality(note_ids) <= 200),
  constraint context_triggers_surface_priority_check check (surface_priority between 0 and 100),
  constraint context_triggers_surface_window_minutes_check check (surface_window_minutes between 1 and 10080),
  constraint context_triggers_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index context_triggers_created_at_idx on memory.context_triggers (town_id, created_at desc, id desc);
create index context_triggers_surface_priority_idx on memory.context_triggers (town_id, surface_priority desc, id desc);
create index context_triggers_trigger_type_idx on memory.context_triggers (town_id, trigger_type, trigger_value);
create index context_triggers_is_active_idx on memory.context_triggers (town_id, is_active);

create table memory.sticky_note_learning (
  town_id uuid not null,
  id uuid not null,
  pattern_type text not null,
  pattern_data jsonb not null,
  confidence double precision not null default 0.5,
  usage_count integer not null default 0,
  success_count integer not null default 0,
  last_used_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sticky_note_learning_pkey primary key (town_id, id),
  constraint sticky_note_learning_pattern_type_key unique (town_id, pattern_type),
  constraint sticky_note_learning_pattern_type_check check (length(pattern_type) between 1 and 100),
  constraint sticky_note_learning_confidence_check check (confidence between 0 and 1),
  constraint sticky_note_learning_usage_count_check check (usage_count >= 0),
  constraint sticky_note_learning_success_count_check check (success_count >= 0),
  constraint sticky_note_learning_success_check check (success_count <= usage_count),
  constraint sticky_note_learning_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sticky_note_learning_created_at_idx on memory.sticky_note_learning (town_id, created_at desc, id desc);
create index sticky_note_learning_confidence_idx on memory.sticky_note_learning (town_id, confidence desc, id desc);

create table memory.google_workspace_links (
  town_id uuid not null,
  id uuid not null,
  note_id uuid not null,
  link_type text not null,
  file_id text not null,
  file_name text not null,
  file_url text not null,
  shared_with text[] not null default '{}',
  last_modified_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint google_workspace_links_pkey primary key (town_id, id),
  constraint google_workspace_links_note_id_fkey foreign key (town_id, note_id)
    references memory.sticky_notes (town_id, id) on delete cascade,
  constraint google_workspace_links_note_id_file_id_key unique (town_id, note_id, file_id),
  constraint google_workspace_links_link_type_check check (length(link_type) between 1 and 50),
  constraint google_workspace_links_file_id_check check (length(file_id) between 1 and 255),
  constraint google_workspace_links_file_name_check check (length(file_name) between 1 and 500),
  constraint google_workspace_links_file_url_check check (length(file_url) between 1 and 2000),
  constraint google_workspace_links_shared_with_check check (cardinality(shared_with) <= 200),
  constraint google_workspace_links_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index google_workspace_links_created_at_idx on memory.google_workspace_links (town_id, created_at desc, id desc);
create index google_workspace_links_file_id_idx on memory.google_workspace_links (town_id, file_id);
