create table persona.prompt_optimizations (
  town_id uuid not null,
  id uuid not null,
  prompt_id uuid not null,
  old_version integer not null,
  new_version integer not null,
  changes jsonb not null default '{}',
  reason text,
  performance_before jsonb,
  performance_after jsonb,
  optimized_by text,
  is_rollback_available boolean not null default true,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint prompt_optimizations_pkey primary key (town_id, id),
  constraint prompt_optimizations_external_id_key unique (town_id, external_id),
  constraint prompt_optimizations_prompt_id_fkey foreign key (town_id, prompt_id)
    references persona.prompts (town_id, id) on delete cascade,
  constraint prompt_optimizations_old_version_check check (old_version >= 1),
  constraint prompt_optimizations_new_version_check check (new_version >= 1),
  constraint prompt_optimizations_reason_check check (length(reason) between 1 and 5000),
  constraint prompt_optimizations_optimized_by_check check (length(optimized_by) between 1 and 200),
  constraint prompt_optimizations_external_id_check check (length(external_id) between 1 and 200),
  constraint prompt_optimizations_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index prompt_optimizations_created_at_idx on persona.prompt_optimizations (town_id, created_at desc, id desc);
create index prompt_optimizations_prompt_id_idx on persona.prompt_optimizations (town_id, prompt_id);

create table persona.dungeon_master_reviews (
  town_id uuid not null,
  id uuid not null,
  review_on date not null,
  personalities_reviewed_count integer not null default 0,
  prompts_optimized_count integer not null default 0,
  summary text,
  recommendations text[] not null default '{}',
  changes jsonb not null default '{}',
  is_report_sent boolean not null default false,
  report_sent_at timestamptz,
  is_approved boolean,
  owner_notes text,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint dungeon_master_reviews_pkey primary key (town_id, id),
  constraint dungeon_master_reviews_external_id_key unique (town_id, external_id),
  constraint dungeon_master_reviews_personalities_reviewed_count_check check (personalities_reviewed_count >= 0),
  constraint dungeon_master_reviews_prompts_optimized_count_check check (prompts_optimized_count >= 0),
  constraint dungeon_master_reviews_summary_check check (length(summary) between 1 and 20000),
  constraint dungeon_master_reviews_recommendations_check check (cardinality(recommendations) <= 100),
  constraint dungeon_master_reviews_owner_notes_check check (length(owner_notes) between 1 and 5000),
  constraint dungeon_master_reviews_external_id_check check (length(external_id) between 1 and 200),
  constraint dungeon_master_reviews_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index dungeon_master_reviews_created_at_idx on persona.dungeon_master_reviews (town_id, created_at desc, id desc);
create index dungeon_master_reviews_review_on_idx on persona.dungeon_master_reviews (town_id, review_on desc, id desc);
create index dungeon_master_reviews_is_approved_idx on persona.dungeon_master_reviews (town_id, is_approved);
