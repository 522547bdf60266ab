create table persona.personality_categories (
  town_id uuid not null,
  id uuid not null,
  slug text not null,
  name text not null,
  description text not null,
  display_order integer not null,
  privacy text not null,
  created_by uuid not null,
  constraint personality_categories_pkey primary key (town_id, id),
  constraint personality_categories_slug_key unique (town_id, slug),
  constraint personality_categories_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);

create table persona.moods (
  town_id uuid not null,
  id uuid not null,
  name text not null,
  emoji text not null,
  description text not null,
  display_order integer not null,
  evaluation_order integer not null,
  is_default boolean not null default false,
  trigger_conditions jsonb not null,
  shipped_revision integer,
  privacy text not null,
  created_by uuid not null,
  constraint moods_pkey primary key (town_id, id),
  constraint moods_name_key unique (town_id, name),
  constraint moods_name_check check (name in ('friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing')),
  constraint moods_trigger_conditions_check check (jsonb_typeof(trigger_conditions) = 'array'),
  constraint moods_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create unique index moods_default_idx on persona.moods (town_id) where is_default;

create table persona.personalities (
  town_id uuid not null,
  id uuid not null,
  slug text not null,
  name text not null,
  category_id uuid not null,
  short_description text not null,
  avatar text,
  attraction integer not null,
  gandhi_genghis integer not null,
  is_active boolean not null default true,
  card jsonb,
  external_id text,
  shipped_revision integer,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint personalities_pkey primary key (town_id, id),
  constraint personalities_slug_key unique (town_id, slug),
  constraint personalities_external_id_key unique (town_id, created_by, external_id),
  constraint personalities_category_id_fkey foreign key (town_id, category_id)
    references persona.personality_categories (town_id, id),
  constraint personalities_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint personalities_name_check check (length(name) between 1 and 200),
  constraint personalities_attraction_check check (attraction between 1 and 11),
  constraint personalities_gandhi_genghis_check check (gandhi_genghis between 1 and 10),
  constraint personalities_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index personalities_category_id_idx on persona.personalities (town_id, category_id);

create table persona.prompts (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  mood text not null,
  version integer not null,
  status text not null,
  system_prompt text not null,
  tone text not null,
  style text not null,
  emoji_guidelines text not null,
  example_replies text[] not null default '{}',
  generation_method text not null,
  shipped_revision integer,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  constraint prompts_pkey primary key (town_id, id),
  constraint prompts_version_key unique (town_id, personality_id, mood, version),
  constraint prompts_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint prompts_mood_fkey foreign key (town_id, mood) references persona.moods (town_id, name),
  constraint prompts_version_check check (version >= 1),
  constraint prompts_status_check check (status in ('draft', 'published', 'retired')),
  constraint prompts_generation_method_check check (generation_method in ('shipped', 'described', 'written', 'optimised')),
  constraint prompts_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create unique index prompts_active_idx on persona.prompts (town_id, personality_id, mood) where status = 'published';
create index prompts_mood_idx on persona.prompts (town_id, mood);

create table persona.personality_instances (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  user_id uuid not null,
  attraction integer,
  gandhi_genghis integer,
  mood text,
  last_active_at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint personality_instances_pkey primary key (town_id, id),
  constraint personality_instances_user_id_key unique (town_id, personality_id, user_id),
  constraint personality_instances_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint personality_instances_mood_fkey foreign key (town_id, mood) references persona.moods (town_id, name),
  constraint personality_instances_attraction_check check (attraction between 1 and 11),
  constraint personality_instances_gandhi_genghis_check check (gandhi_genghis between 1 and 10),
  constraint personality_instances_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index personality_instances_mood_idx on persona.personality_instances (town_id, mood);

create table persona.mood_events (
  town_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  personality_id uuid not null,
  user_id uuid not null,
  previous_mood text,
  new_mood text not null,
  previous_attraction integer,
  new_attraction integer,
  previous_gandhi_genghis integer,
  new_gandhi_genghis integer,
  trigger text not null,
  explanation text,
  context jsonb not null default '{}',
  interface text,
  privacy text not null,
  created_by uuid not null,
  constraint mood_events_pkey primary key (town_id, id),
  constraint mood_events_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint mood_events_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index mood_events_at_idx on persona.mood_events (town_id, at desc, id desc);
create index mood_events_personality_id_idx on persona.mood_events (town_id, personality_id, at desc, id desc);
