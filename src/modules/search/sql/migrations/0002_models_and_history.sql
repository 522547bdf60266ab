create table search.embedding_models (
  town_id uuid not null,
  id uuid not null,
  name text not null,
  provider text not null,
  dimensions integer not null,
  status text not null default 'candidate',
  description text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint embedding_models_pkey primary key (town_id, id),
  constraint embedding_models_name_key unique (town_id, name),
  constraint embedding_models_name_check check (length(name) between 1 and 200),
  constraint embedding_models_provider_check check (length(provider) between 1 and 100),
  constraint embedding_models_dimensions_check check (dimensions between 1 and 16000),
  constraint embedding_models_status_check check (status in ('candidate', 'filling', 'active', 'retired')),
  constraint embedding_models_description_check check (length(description) between 1 and 2000),
  constraint embedding_models_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index embedding_models_created_at_idx on search.embedding_models (town_id, created_at desc, id desc);
create index embedding_models_status_idx on search.embedding_models (town_id, status);

create table search.embedding_cache (
  town_id uuid not null,
  id uuid not null,
  model_id uuid not null,
  content_hash text not null,
  vector double precision[] not null,
  hit_count integer not null default 0,
  last_hit_at timestamptz,
  expires_at timestamptz,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  constraint embedding_cache_pkey primary key (town_id, id),
  constraint embedding_cache_model_id_fkey foreign key (town_id, model_id)
    references search.embedding_models (town_id, id),
  constraint embedding_cache_key_key unique (town_id, model_id, content_hash, created_by),
  constraint embedding_cache_content_hash_check check (length(content_hash) between 1 and 64),
  constraint embedding_cache_vector_check check (cardinality(vector) <= 16000),
  constraint embedding_cache_hit_count_check check (hit_count >= 0),
  constraint embedding_cache_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index embedding_cache_expires_at_idx on search.embedding_cache (town_id, expires_at);

create table search.search_history (
  town_id uuid not null,
  id uuid not null,
  query text not null,
  search_type text not null default 'keyword',
  kinds text[] not null default '{}',
  filters jsonb not null default '{}',
  result_ids uuid[] not null default '{}',
  result_count integer not null default 0,
  duration_ms integer,
  feedback text,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint search_history_pkey primary key (town_id, id),
  constraint search_history_query_check check (length(query) between 1 and 2000),
  constraint search_history_search_type_check check (search_type in ('keyword', 'semantic', 'hybrid')),
  constraint search_history_kinds_check check (cardinality(kinds) <= 50),
  constraint search_history_result_ids_check check (cardinality(result_ids) <= 200),
  constraint search_history_result_count_check check (result_count >= 0),
  constraint search_history_duration_ms_check check (duration_ms >= 0),
  constraint search_history_feedback_check check (feedback in ('helpful', 'partly', 'unhelpful')),
  constraint search_history_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index search_history_created_at_idx on search.search_history (town_id, created_at desc, id desc);
create index search_history_feedback_idx on search.search_history (town_id, feedback);
create index search_history_created_by_idx on search.search_history (town_id, created_by);
