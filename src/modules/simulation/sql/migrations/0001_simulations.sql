create table simulation.simulation_templates (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  description text,
  category text not null,
  config jsonb not null default '{}',
  required_parameters jsonb not null default '[]',
  optional_parameters jsonb not null default '[]',
  template_version text not null default '1.0',
  is_active boolean not null default true,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint simulation_templates_pkey primary key (town_id, id),
  constraint simulation_templates_external_id_key unique (town_id, external_id),
  constraint simulation_templates_external_id_check check (length(external_id) between 1 and 200),
  constraint simulation_templates_name_check check (length(name) between 1 and 255),
  constraint simulation_templates_description_check check (length(description) between 1 and 20000),
  constraint simulation_templates_category_check check (length(category) between 1 and 100),
  constraint simulation_templates_template_version_check check (length(template_version) between 1 and 20),
  constraint simulation_templates_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index simulation_templates_created_at_idx on simulation.simulation_templates (town_id, created_at desc, id desc);
create index simulation_templates_name_idx on simulation.simulation_templates (town_id, name, id);
create index simulation_templates_category_idx on simulation.simulation_templates (town_id, category);
create index simulation_templates_is_active_idx on simulation.simulation_templates (town_id, is_active);

create table simulation.testpilot_simulations (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  template_id uuid,
  name text not null,
  description text,
  kind text not null,
  parameters jsonb not null default '{}',
  deal_id uuid,
  owner_id uuid,
  tags text[] not null default '{}',
  is_active boolean not null default true,
  estimated_completion_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint testpilot_simulations_pkey primary key (town_id, id),
  constraint testpilot_simulations_external_id_key unique (town_id, external_id),
  constraint testpilot_simulations_template_id_fkey foreign key (town_id, template_id)
    references simulation.simulation_templates (town_id, id),
  constraint testpilot_simulations_deal_id_fkey foreign key (town_id, deal_id) references crm.deals (town_id, id),
  constraint testpilot_simulations_external_id_check check (length(external_id) between 1 and 200),
  constraint testpilot_simulations_name_check check (length(name) between 1 and 255),
  constraint testpilot_simulations_description_check check (length(description) between 1 and 20000),
  constraint testpilot_simulations_kind_check check (length(kind) between 1 and 100),
  constraint testpilot_simulations_tags_check check (cardinality(tags) <= 50),
  constraint testpilot_simulations_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index testpilot_simulations_created_at_idx on simulation.testpilot_simulations (town_id, created_at desc, id desc);
create index testpilot_simulations_template_id_idx on simulation.testpilot_simulations (town_id, template_id);
create index testpilot_simulations_kind_idx on simulation.testpilot_simulations (town_id, kind);
create index testpilot_simulations_deal_id_idx on simulation.testpilot_simulations (town_id, deal_id);
create index testpilot_simulations_owner_id_idx on simulation.testpilot_simulations (town_id, owner_id);
create index testpilot_simulations_is_active_idx on simulation.testpilot_simulations (town_id, is_active);

create table simulation.simulation_scenarios (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  simulation_id uuid not null,
  name text not null,
  description text,
  kind text not null,
  config jsonb not null default '{}',
  results jsonb,
  metrics jsonb,
  baseline_comparison jsonb,
  best_case_comparison jsonb,
  worst_case_comparison jsonb,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint simulation_scenarios_pkey primary key (town_id, id),
  constraint simulation_scenarios_external_id_key unique (town_id, external_id),
  constraint simulation_scenarios_simulation_id_key unique (town_id, simulation_id, id),
  constraint simulation_scenarios_simulation_id_fkey foreign key (town_id, simulation_id)
    references simulation.testpilot_simulations (town_id, id) on delete cascade,
  constraint simulation_scenarios_external_id_check check (length(external_id) between 1 and 200),
  constraint simulation_scenarios_name_check check (length(name) between 1 and 255),
  constraint simulation_scenarios_description_check check (length(description) between 1 and 20000),
  constraint simulation_scenarios_kind_check check (kind in ('optimistic', 'realistic', 'pessimistic')),
  constraint simulation_scenarios_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index simulation_scenarios_created_at_idx on simulation.simulation_scenarios (town_id, created_at desc, id desc);
create index simulation_scenarios_simulation_id_idx on simulation.simulation_scenarios (town_id, simulation_id);
create index simulation_scenarios_kind_idx on simulation.simulation_scenarios (town_id, kind);

create table simulation.simulation_executions (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  simulation_id uuid not null,
  scenario_id uuid,
  kind text not null default 'full',
  engine text,
  config jsonb not null default '{}',
  seed bigint,
  status text not null default 'queued',
  progress double precision not null default 0,
  started_at timestamptz,
  completed_at timestamptz,
  results jsonb,
  metrics jsonb,
  analysis jsonb,
  recommendations jsonb,
  confidence double precision,
  accuracy double precision,
  data_point_count bigint,
  gpu_minutes double precision,
  cpu_minutes double precision,
  memory_mb integer,
  cost_micros bigint,
  currency text,
  logs text,
  error text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint simulation_executions_pkey primary key (town_id, id),
  constraint simulation_executions_external_id_key unique (town_id, external_id),
  constraint simulation_executions_simulation_id_fkey foreign key (town_id, simulation_id)
    references simulation.testpilot_simulations (town_id, id) on delete cascade,
  constraint simulation_executions_scenario_id_fkey foreign key (town_id, scenario_id)
    references simulation.simulation_scenarios (town_id, id),
  constraint simulation_executions_scenario_fkey foreign key (town_id, simulation_id, scenario_id)
    references simulation.simulation_scenarios (town_id, simulation_id, id),
  constraint simulation_executions_external_id_check check (length(external_id) between 1 and 200),
  constraint simulation_executions_kind_check check (length(kind) between 1 and 50),
  constraint simulation_executions_engine_check check (length(engine) between 1 and 100),
  constraint simulation_executions_seed_check check (seed between 0 and 4294967295),
  constraint simulation_executions_status_check
    check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  constraint simulation_executions_progress_check check (progress between 0 and 1),
  constraint simulation_executions_confidence_check check (confidence between 0 and 1),
  constraint simulation_executions_accuracy_check check (accuracy between 0 and 1),
  constraint simulation_executions_data_point_count_check check (data_point_count >= 0),
  constraint simulation_executions_gpu_minutes_check check (gpu_minutes >= 0),
  constraint simulation_executions_cpu_minutes_check check (cpu_minutes >= 0),
  constraint simulation_executions_memory_mb_check check (memory_mb >= 0),
  constraint simulation_executions_cost_micros_check check (cost_micros >= 0),
  constraint simulation_executions_currency_check check (length(currency) between 3 and 3),
  constraint simulation_executions_logs_check check (length(logs) <= 200000),
  constraint simulation_executions_error_check check (length(error) <= 2000),
  constraint simulation_executions_completed_check check (
    (completed_at is not null) = (status in ('completed', 'failed', 'cancelled'))
  ),
  constraint simulation_executions_cost_check check (cost_micros is null or currency is not null),
  constraint simulation_executions_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index simulation_executions_created_at_idx on simulation.simulation_executions (town_id, created_at desc, id desc);
create index simulation_executions_simulation_id_idx
  on simulation.simulation_executions (town_id, simulation_id, created_at desc, id desc);
create index simulation_executions_scenario_idx on simulation.simulation_executions (town_id, simulation_id, scenario_id);
create index simulation_executions_scenario_id_idx on simulation.simulation_executions (town_id, scenario_id);
create index simulation_executions_status_idx on simulation.simulation_executions (town_id, status);

create table simulation.deal_simulations (
  town_id uuid not null,
  id uuid not null,
  deal_id uuid not null,
  simulation_id uuid not null,
  association text not null default 'primary',
  impact double precision,
  recommendation_weight double precision,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint deal_simulations_pkey primary key (town_id, id),
  constraint deal_simulations_deal_id_key unique (town_id, deal_id, simulation_id),
  constraint deal_simulations_deal_id_fkey foreign key (town_id, deal_id) references crm.deals (town_id, id),
  constraint deal_simulations_simulation_id_fkey foreign key (town_id, simulation_id)
    references simulation.testpilot_simulations (town_id, id) on delete cascade,
  constraint deal_simulations_association_check check (length(association) between 1 and 50),
  constraint deal_simulations_impact_check check (impact between -10 and 10),
  constraint deal_simulations_recommendation_weight_check check (recommendation_weight between -10 and 10),
  constraint deal_simulations_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index deal_simulations_created_at_idx on simulation.deal_simulations (town_id, created_at desc, id desc);
create index deal_simulations_simulation_id_idx on simulation.deal_simulations (town_id, simulation_id);
