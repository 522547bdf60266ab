create table platform.system_config (
  town_id uuid not null,
  id uuid not null,
  key text not null,
  category text not null,
  value_type text not null,
  value jsonb not null,
  description text,
  is_sensitive boolean not null default false,
  updated_by uuid not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint system_config_pkey primary key (town_id, id),
  constraint system_config_key_key unique (town_id, key),
  constraint system_config_key_check check (length(key) between 1 and 255),
  constraint system_config_category_check check (length(category) between 1 and 100),
  constraint system_config_value_type_check check (value_type in ('text', 'integer', 'number', 'boolean', 'json')),
  constraint system_config_description_check check (length(description) <= 2000),
  constraint system_config_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);

create table platform.system_config_history (
  town_id uuid not null,
  id uuid not null,
  key text not null,
  action text not null,
  old_value jsonb,
  new_value jsonb,
  is_sensitive boolean not null,
  at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint system_config_history_pkey primary key (town_id, id),
  constraint system_config_history_key_check check (length(key) between 1 and 255),
  constraint system_config_history_action_check check (action in ('set', 'reset')),
  constraint system_config_history_sensitive_check check (
    not is_sensitive or (old_value is null and new_value is null)
  ),
  constraint system_config_history_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index system_config_history_at_idx on platform.system_config_history (town_id, at desc, id desc);
create index system_config_history_key_idx on platform.system_config_history (town_id, key, at desc, id desc);

create table platform.secrets (
  town_id uuid not null,
  id uuid not null,
  service text not null,
  key_name text not null,
  scope text not null,
  scope_id text not null default '',
  sealed_value text not null,
  hint text not null default '',
  metadata jsonb not null default '{}',
  rotation_count integer not null default 0,
  rotated_at timestamptz,
  expires_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint secrets_pkey primary key (town_id, id),
  constraint secrets_name_key unique (town_id, service, key_name, scope_id),
  constraint secrets_service_check check (length(service) between 1 and 100),
  constraint secrets_key_name_check check (length(key_name) between 1 and 200),
  constraint secrets_scope_check check (scope in ('town', 'entity')),
  constraint secrets_scope_id_check check (length(scope_id) <= 200),
  constraint secrets_scope_entity_check check ((scope = 'town') = (scope_id = '')),
  constraint secrets_hint_check check (length(hint) <= 4),
  constraint secrets_rotation_count_check check (rotation_count >= 0),
  constraint secrets_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index secrets_created_at_idx on platform.secrets (town_id, created_at desc, id desc);

create table platform.service_health (
  town_id uuid not null,
  id uuid not null,
  service text not null,
  node_name text not null default 'local',
  status text not null,
  latency_ms integer,
  error text,
  checked_at timestamptz not null,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint service_health_pkey primary key (town_id, id),
  constraint service_health_external_id_key unique (town_id, external_id),
  constraint service_health_external_id_check check (length(external_id) between 1 and 200),
  constraint service_health_service_check check (length(service) between 1 and 100),
  constraint service_health_node_name_check check (length(node_name) between 1 and 100),
  constraint service_health_status_check check (status in ('up', 'degraded', 'down', 'unknown')),
  constraint service_health_latency_ms_check check (latency_ms >= 0),
  constraint service_health_error_check check (length(error) between 1 and 2000),
  constraint service_health_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index service_health_created_at_idx on platform.service_health (town_id, created_at desc, id desc);
create index service_health_checked_at_idx on platform.service_health (town_id, checked_at desc, id desc);
create index service_health_service_idx on platform.service_health (town_id, service, node_name, checked_at desc, id desc);
create index service_health_node_name_idx on platform.service_health (town_id, node_name);
create index service_health_status_idx on platform.service_health (town_id, status);

create table platform.widgets (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  description text,
  category text,
  site text,
  inputs jsonb not null default '[]',
  outputs jsonb not null default '[]',
  demo_url text,
  code_snippet text,
  price_tier text,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint widgets_pkey primary key (town_id, id),
  constraint widgets_external_id_key unique (town_id, external_id),
  constraint widgets_external_id_check check (length(external_id) between 1 and 200),
  constraint widgets_name_check check (length(name) between 1 and 100),
  constraint widgets_description_check check (length(description) between 1 and 20000),
  constraint widgets_category_check check (length(category) between 1 and 50),
  constraint widgets_site_check check (length(site) between 1 and 50),
  constraint widgets_demo_url_check check (length(demo_url) between 1 and 2000),
  constraint widgets_code_snippet_check check (length(code_snippet) between 1 and 50000),
  constraint widgets_price_tier_check check (length(price_tier) between 1 and 20),
  constraint widgets_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index widgets_created_at_idx on platform.widgets (town_id, created_at desc, id desc);
create index widgets_name_idx on platform.widgets (town_id, name, id);
create index widgets_category_idx on platform.widgets (town_id, category);
create index widgets_site_idx on platform.widgets (town_id, site);

create table platform.widget_usage (
  town_id uuid not null,
  id uuid not null,
  widget_id uuid not null,
  site_name text not null,
  usage_count bigint not null default 0,
  last_used_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint widget_usage_pkey primary key (town_id, id),
  constraint widget_usage_site_key unique (town_id, widget_id, site_name),
  constraint widget_usage_widget_id_fkey foreign key (town_id, widget_id) references platform.widgets (town_id, id)
    on delete cascade,
  constraint widget_usage_site_name_check check (length(site_name) between 1 and 50),
  constraint widget_usage_usage_count_check check (usage_count between 0 and 1000000000000),
  constraint widget_usage_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index widget_usage_created_at_idx on platform.widget_usage (town_id, created_at desc, id desc);
create index widget_usage_site_name_idx on platform.widget_usage (town_id, site_name);

create table platform.training_jobs (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  model_name text not null,
  base_model text not null,
  training_data text not null,
  epochs integer not null,
  learning_rate double precision not null,
  trainer text,
  metadata jsonb not null default '{}',
  status text not null default 'queued',
  progress double precision not null default 0,
  current_epoch integer not null default 0,
  loss double precision,
  eta_minutes integer,
  error text,
  started_at timestamptz,
  completed_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint training_jobs_pkey primary key (town_id, id),
  constraint training_jobs_external_id_key unique (town_id, external_id),
  constraint training_jobs_external_id_check check (length(external_id) between 1 and 200),
  constraint training_jobs_model_name_check check (length(model_name) between 1 and 100),
  constraint training_jobs_base_model_check check (length(base_model) between 1 and 100),
  constraint training_jobs_training_data_check check (length(training_data) between 1 and 20000),
  constraint training_jobs_epochs_check check (epochs between 1 and 100000),
  constraint training_jobs_learning_rate_check check (learning_rate between 0 and 10),
  constraint training_jobs_trainer_check check (length(trainer) between 1 and 100),
  constraint training_jobs_status_check check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  constraint training_jobs_progress_check check (progress between 0 and 1),
  constraint training_jobs_current_epoch_check check (current_epoch >= 0),
  constraint training_jobs_eta_minutes_check check (eta_minutes >= 0),
  constraint training_jobs_error_check check (length(error) <= 2000),
  constraint training_jobs_completed_check check (
    (completed_at is not null) = (status in ('completed', 'failed', 'cancelled'))
  ),
  constraint training_jobs_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index training_jobs_created_at_idx on platform.training_jobs (town_id, created_at desc, id desc);
create index training_jobs_status_idx on platform.training_jobs (town_id, status);

create table platform.sync_registry (
  town_id uuid not null,
  id uuid not null,
  kind text not null,
  local_id text not null,
  remote_system text not null,
  remote_id text,
  local_version integer not null default 1,
  remote_version integer not null default 1,
  status text not null default 'synced',
  error text,
  synced_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint sync_registry_pkey primary key (town_id, id),
  constraint sync_registry_local_id_key unique (town_id, remote_system, kind, local_id),
  constraint sync_registry_remote_id_key unique (town_id, remote_system, kind, remote_id),
  constraint sync_registry_kind_check check (length(kind) between 1 and 100),
  constraint sync_registry_local_id_check check (length(local_id) between 1 and 200),
  constraint sync_registry_remote_system_check check (length(remote_system) between 1 and 100),
  constraint sync_registry_remote_id_check check (length(remote_id) between 1 and 500),
  constraint sync_registry_local_version_check check (local_version >= 0),
  constraint sync_registry_remote_version_check check (remote_version >= 0),
  constraint sync_registry_status_check check (status in ('synced', 'pending', 'conflict', 'failed')),
  constraint sync_registry_error_check check (length(error) between 1 and 2000),
  constraint sync_registry_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index sync_registry_created_at_idx on platform.sync_registry (town_id, created_at desc, id desc);
create index sync_registry_synced_at_idx on platform.sync_registry (town_id, synced_at desc, id desc);
create index sync_registry_local_id_idx on platform.sync_registry (town_id, local_id);
create index sync_registry_remote_id_idx on platform.sync_registry (town_id, remote_id);
create index sync_registry_kind_idx on platform.sync_registry (town_id, kind);
create index sync_registry_status_idx on platform.sync_registry (town_id, status);
