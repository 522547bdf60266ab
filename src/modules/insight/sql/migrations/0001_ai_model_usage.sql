create table insight.ai_model_usage (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  model_name text not null,
  model_provider text not null,
  task_type text,
  user_id uuid,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  cost_micros bigint not null default 0,
  latency_ms integer,
  is_success boolean not null default true,
  error_message text,
  called_at timestamptz not null,
  details jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_model_usage_pkey primary key (town_id, id),
  constraint ai_model_usage_external_id_key unique (town_id, external_id),
  constraint ai_model_usage_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_model_usage_model_name_check check (length(model_name) between 1 and 200),
  constraint ai_model_usage_model_provider_check check (length(model_provider) between 1 and 100),
  constraint ai_model_usage_task_type_check check (length(task_type) between 1 and 100),
  constraint ai_model_usage_input_tokens_check check (input_tokens >= 0),
  constraint ai_model_usage_output_tokens_check check (output_tokens >= 0),
  constraint ai_model_usage_cost_micros_check check (cost_micros between 0 and 1000000000000),
  constraint ai_model_usage_latency_ms_check check (latency_ms >= 0),
  constraint ai_model_usage_error_message_check check (length(error_message) between 1 and 2000),
  constraint ai_model_usage_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_model_usage_created_at_idx on insight.ai_model_usage (town_id, created_at desc, id desc);
create index ai_model_usage_called_at_idx on insight.ai_model_usage (town_id, called_at desc, id desc);
create index ai_model_usage_model_name_idx on insight.ai_model_usage (town_id, model_name, called_at desc);
create index ai_model_usage_task_type_idx on insight.ai_model_usage (town_id, task_type);
create index ai_model_usage_user_id_idx on insight.ai_model_usage (town_id, user_id);
