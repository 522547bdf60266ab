create table crm.pipelines (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  description text,
  display_order integer not null default 1,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pipelines_pkey primary key (town_id, id),
  constraint pipelines_external_id_key unique (town_id, external_id),
  constraint pipelines_external_id_check check (length(external_id) between 1 and 200),
  constraint pipelines_name_check check (length(name) between 1 and 255),
  constraint pipelines_description_check check (length(description) between 1 and 2000),
  constraint pipelines_display_order_check check (display_order between 1 and 1000),
  constraint pipelines_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index pipelines_created_at_idx on crm.pipelines (town_id, created_at desc, id desc);
create index pipelines_display_order_idx on crm.pipelines (town_id, display_order, id);

create table crm.pipeline_stages (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  pipeline_id uuid not null,
  name text not null,
  display_order integer not null default 1,
  probability integer not null default 0,
  outcome text not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pipeline_stages_pkey primary key (town_id, id),
  constraint pipeline_stages_external_id_key unique (town_id, external_id),
  constraint pipeline_stages_pipeline_id_fkey foreign key (town_id, pipeline_id) references crm.pipelines (town_id, id) on delete cascade,
  constraint pipeline_stages_outcome_key unique (town_id, pipeline_id, id, outcome),
  constraint pipeline_stages_external_id_check check (length(external_id) between 1 and 200),
  constraint pipeline_stages_name_check check (length(name) between 1 and 255),
  constraint pipeline_stages_display_order_check check (display_order between 1 and 1000),
  constraint pipeline_stages_probability_check check (probability between 0 and 100),
  constraint pipeline_stages_outcome_check check (outcome in ('open', 'won', 'lost')),
  constraint pipeline_stages_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index pipeline_stages_created_at_idx on crm.pipeline_stages (town_id, created_at desc, id desc);
create index pipeline_stages_pipeline_id_idx on crm.pipeline_stages (town_id, pipeline_id);
create index pipeline_stages_display_order_idx on crm.pipeline_stages (town_id, display_order, id);

create table crm.deals (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  pipeline_id uuid not null,
  stage_id uuid not null,
  status text not null,
  company_id uuid,
  primary_contact_id uuid,
  owner_id uuid,
  amount_cents bigint,
  currency text not null default 'USD',
  probability integer,
  forecast_category text not null default 'pipeline',
  begun_on date,
  expected_close_on date,
  predicted_close_on date,
  closed_at timestamptz,
  closed_reason text,
  deal_type text,
  next_step text,
  risks text[] not null default '{}',
  opportunities text[] not null default '{}',
  score integer,
  velocity text,
  recommended_stage_id uuid,
  insights text,
  analysis jsonb not null default '{}',
  analysed_at timestamptz,
  notes text,
  tags text[] not null default '{}',
  details jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint deals_pkey primary key (town_id, id),
  constraint deals_external_id_key unique (town_id, external_id),
  constraint deals_pipeline_id_fkey foreign key (town_id, pipeline_id) references crm.pipelines (town_id, id),
  constraint deals_stage_id_fkey foreign key (town_id, stage_id) references crm.pipeline_stages (town_id, id),
  constraint deals_stage_fkey foreign key (town_id, pipeline_id, stage_id, status)
    references crm.pipeline_stages (town_id, pipeline_id, id, outcome),
  constraint deals_company_id_fkey foreign key (town_id, company_id) references crm.companies (town_id, id),
  constraint deals_primary_contact_id_fkey foreign key (town_id, primary_contact_id) references crm.contacts (town_id, id),
  constraint deals_recommended_stage_id_fkey foreign key (town_id, recommended_stage_id)
    references crm.pipeline_stages (town_id, id),
  constraint deals_open_check check ((status = 'open') = (closed_at is null) and (status <> 'open' or closed_reason is null)),
  constraint deals_external_id_check check (length(external_id) between 1 and 200),
  constraint deals_name_check check (length(name) between 1 and 300),
  constraint deals_status_check check (status in ('open', 'won', 'lost')),
  constraint deals_amount_cents_check check (amount_cents between 0 and 100000000000000),
  constraint deals_currency_check check (length(currency) between 3 and 3),
  constraint deals_probability_check check (probability between 0 and 100),
  constraint deals_forecast_category_check check (forecast_category in ('pipeline', 'best_case', 'commit', 'omitted')),
  constraint deals_closed_reason_check check (length(closed_reason) between 1 and 2000),
  constraint deals_deal_type_check check (length(deal_type) between 1 and 255),
  constraint deals_next_step_check check (length(next_step) between 1 and 2000),
  constraint deals_risks_check check (cardinality(risks) <= 50),
  constraint deals_opportunities_check check (cardinality(opportunities) <= 50),
  constraint deals_score_check check (score between 0 and 100),
  constraint deals_velocity_check check (length(velocity) between 1 and 50),
  constraint deals_insights_check check (length(insights) between 1 and 20000),
  constraint deals_notes_check check (length(notes) between 1 and 20000),
  constraint deals_tags_check check (cardinality(tags) <= 50),
  constraint deals_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index deals_created_at_idx on crm.deals (town_id, created_at desc, id desc);
create index deals_stage_idx on crm.deals (town_id, pipeline_id, stage_id, status);
create index deals_stage_id_idx on crm.deals (town_id, stage_id);
create index deals_status_idx on crm.deals (town_id, status, expected_close_on);
create index deals_company_id_idx on crm.deals (town_id, company_id);
create index deals_primary_contact_id_idx on crm.deals (town_id, primary_contact_id);
create index deals_owner_id_idx on crm.deals (town_id, owner_id);
create index deals_recommended_stage_id_idx on crm.deals (town_id, recommended_stage_id);
create index deals_begun_on_idx on crm.deals (town_id, begun_on desc nulls last, id desc);
create index deals_expected_close_on_idx on crm.deals (town_id, expected_close_on, id);
create index deals_amount_cents_idx on crm.deals (town_id, amount_cents desc nulls last, id desc);

create table crm.deal_contacts (
  town_id uuid not null,
  id uuid not null,
  deal_id uuid not null,
  contact_id uuid not null,
  role text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint deal_contacts_pkey primary key (town_id, id),
  constraint deal_contacts_contact_key unique (town_id, deal_id, contact_id),
  constraint deal_contacts_deal_id_fkey foreign key (town_id, deal_id) references crm.deals (town_id, id) on delete cascade,
  constraint deal_contacts_contact_id_fkey foreign key (town_id, contact_id) references crm.contacts (town_id, id),
  constraint deal_contacts_role_check check (length(role) between 1 and 100),
  constraint deal_contacts_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index deal_contacts_created_at_idx on crm.deal_contacts (town_id, created_at desc, id desc);
create index deal_contacts_contact_id_idx on crm.deal_contacts (town_id, contact_id);

create table crm.deal_activities (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  deal_id uuid not null,
  activity_type text not null,
  description text,
  user_id uuid,
  happened_at timestamptz not null,
  details jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint deal_activities_pkey primary key (town_id, id),
  constraint deal_activities_external_id_key unique (town_id, external_id),
  constraint deal_activities_deal_id_fkey foreign key (town_id, deal_id) references crm.deals (town_id, id) on delete cascade,
  constraint deal_activities_external_id_check check (length(external_id) between 1 and 200),
  constraint deal_activities_activity_type_check check (length(activity_type) between 1 and 100),
  constraint deal_activities_description_check check (length(description) between 1 and 20000),
  constraint deal_activities_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index deal_activities_created_at_idx on crm.deal_activities (town_id, created_at desc, id desc);
create index deal_activities_deal_id_idx on crm.deal_activities (town_id, deal_id, happened_at desc);
create index deal_activities_happened_at_idx on crm.deal_activities (town_id, happened_at desc, id desc);
create index deal_activities_user_id_idx on crm.deal_activities (town_id, user_id);
