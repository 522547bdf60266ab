create table persona.personality_categories (
  town_id uuid not null,
  id uuid not null,
  slug text not null,
  name text not null,
  description text not null default '',
  display_order integer not null default 1,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint personality_categories_pkey primary key (town_id, id),
  constraint personality_categories_slug_key unique (town_id, slug),
  constraint personality_categories_name_check check (length(name) between 1 and 200),
  constraint personality_categories_description_check check (length(description) <= 2000),
  constraint personality_categories_display_order_check check (display_order between 1 and 10000),
  constraint personality_categories_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index personality_categories_created_at_idx on persona.personality_categories (town_id, created_at desc, id desc);
create index personality_categories_display_order_idx on persona.personality_categories (town_id, display_order, id);

create table persona.moods (
  town_id uuid not null,
  id uuid not null,
  name text not null,
  emoji text not null,
  description text not null,
  display_order integer not null,
  evaluation_order integer not null,
  is_default boolean not null default false,
  is_active boolean not null default true,
  trigger_conditions jsonb not null,
  shipped_revision integer,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint moods_pkey primary key (town_id, id),
  constraint moods_name_key unique (town_id, name),
  constraint moods_name_check check (name in ('friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing')),
  constraint moods_emoji_check check (length(emoji) between 1 and 50),
  constraint moods_description_check check (length(description) between 1 and 2000),
  constraint moods_display_order_check check (display_order between 1 and 1000),
  constraint moods_evaluation_order_check check (evaluation_order between 1 and 1000),
  constraint moods_trigger_conditions_check check (jsonb_typeof(trigger_conditions) = 'array'),
  constraint moods_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create unique index moods_default_idx on persona.moods (town_id) where is_default;
create index moods_display_order_idx on persona.moods (town_id, display_order, id);
create index moods_created_at_idx on persona.moods (town_id, created_at, id);

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
  role text,
  description text,
  interaction_style text,
  voice_settings jsonb,
  behavioral_traits jsonb,
  emotional_range jsonb,
  knowledge_domains text[] not null default '{}',
  tool_permissions text[] not null default '{}',
  metadata jsonb,
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
  constraint personalities_role_check check (length(role) between 1 and 200),
  constraint personalities_description_check check (length(description) between 1 and 40000),
  constraint personalities_interaction_style_check check (length(interaction_style) between 1 and 200),
  constraint personalities_voice_settings_check check (jsonb_typeof(voice_settings) = 'object'),
  constraint personalities_behavioral_traits_check check (jsonb_typeof(behavioral_traits) = 'object'),
  constraint personalities_emotional_range_check check (jsonb_typeof(emotional_range) = 'object'),
  constraint personalities_knowledge_domains_check check (cardinality(knowledge_domains) <= 50),
  constraint personalities_tool_permissions_check check (cardinality(tool_permissions) <= 100),
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
  avatar text,
  generation_method text not null,
  usage_count integer not null default 0,
  average_satisfaction double precision,
  optimized_at timestamptz,
  optimized_by text,
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
  constraint prompts_avatar_check check (length(avatar) between 1 and 500),
  constraint prompts_usage_count_check check (usage_count >= 0),
  constraint prompts_average_satisfaction_check check (average_satisfaction between 0 and 5),
  constraint prompts_optimized_by_check check (length(optimized_by) between 1 and 200),
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
  cocktail_lightning integer,
  mood text,
  expression text,
  mode text,
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
  constraint personality_instances_cocktail_lightning_check check (cocktail_lightning between 0 and 100),
  constraint personality_instances_expression_check check (length(expression) between 1 and 100),
  constraint personality_instances_mode_check check (length(mode) between 1 and 50),
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
