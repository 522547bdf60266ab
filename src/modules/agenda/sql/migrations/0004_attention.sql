create table agenda.attention_items (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  person_id uuid,
  kind text not null default 'other',
  source text not null default 'own',
  tier text not null default 'medium',
  importance_score double precision not null default 50,
  urgency_score double precision not null default 0,
  title text not null,
  summary text,
  content text,
  sender text,
  related_to text,
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  interaction_id uuid,
  related_kind text,
  related_id uuid,
  is_action_required boolean not null default false,
  action_kind text,
  deadline_at timestamptz,
  reasons text[] not null default '{}',
  suggested_action text,
  seen_at timestamptz,
  snoozed_until timestamptz,
  done_at timestamptz,
  dismissed_at timestamptz,
  is_open boolean not null generated always as (done_at is null and dismissed_at is null) stored,
  tags text[] not null default '{}',
  raw jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint attention_items_pkey primary key (town_id, id),
  constraint attention_items_external_id_key unique (town_id, external_id),
  constraint attention_items_contact_id_fkey foreign key (town_id, contact_id)
    references crm.contacts (town_id, id),
  constraint attention_items_company_id_fkey foreign key (town_id, company_id)
    references crm.companies (town_id, id),
  constraint attention_items_deal_id_fkey foreign key (town_id, deal_id) references crm.deals (town_id, id),
  constraint attention_items_kind_check check (kind in ('mail', 'message', 'task', 'note', 'commitment', 'meeting', 'alert', 'deal', 'other')),
  constraint attention_items_source_check check (length(source) between 1 and 60),
  constraint attention_items_tier_check check (tier in ('critical', 'high', 'medium', 'low')),
  constraint attention_items_importance_score_check check (importance_score between 0 and 100),
  constraint attention_items_urgency_score_check check (urgency_score between 0 and 100),
  constraint attention_items_title_check check (length(title) between 1 and 500),
  constraint attention_items_summary_check check (length(summary) between 1 and 5000),
  constraint attention_items_content_check check (length(content) between 1 and 1000000),
  constraint attention_items_sender_check check (length(sender) between 1 and 320),
  constraint attention_items_related_to_check check (length(related_to) between 1 and 500),
  constraint attention_items_related_kind_check check (length(related_kind) between 1 and 60),
  constraint attention_items_related_check check (related_id is null or related_kind is not null),
  constraint attention_items_action_kind_check check (length(action_kind) between 1 and 60),
  constraint attention_items_reasons_check check (cardinality(reasons) <= 50),
  constraint attention_items_suggested_action_check check (length(suggested_action) between 1 and 5000),
  constraint attention_items_tags_check check (cardinality(tags) <= 50),
  constraint attention_items_external_id_check check (length(external_id) between 1 and 200),
  constraint attention_items_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index attention_items_created_at_idx on agenda.attention_items (town_id, created_at desc, id desc);
create index attention_items_importance_score_idx on agenda.attention_items (town_id, importance_score desc, id desc);
create index attention_items_urgency_score_idx on agenda.attention_items (town_id, urgency_score desc, id desc);
create index attention_items_deadline_at_idx on agenda.attention_items (town_id, deadline_at, id);
create index attention_items_is_open_idx on agenda.attention_items (town_id, is_open);
create index attention_items_kind_idx on agenda.attention_items (town_id, kind);
create index attention_items_tier_idx on agenda.attention_items (town_id, tier);
create index attention_items_source_idx on agenda.attention_items (town_id, source);
create index attention_items_person_id_idx on agenda.attention_items (town_id, person_id);
create index attention_items_contact_id_idx on agenda.attention_items (town_id, contact_id);
create index attention_items_company_id_idx on agenda.attention_items (town_id, company_id);
create index attention_items_deal_id_idx on agenda.attention_items (town_id, deal_id);

create table agenda.touch_ready_queue (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  contact_id uuid not null,
  person_id uuid,
  kind text not null default 'email',
  priority integer not null default 5,
  suggested_message text,
  confidence double precision,
  reason text,
  context jsonb not null default '{}',
  scheduled_at timestamptz,
  sent_at timestamptz,
  dismissed_at timestamptz,
  status text not null generated always as (
    case when sent_at is not null then 'sent' when dismissed_at is not null then 'dismissed'
      when scheduled_at is not null then 'scheduled' else 'ready' end) stored,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint touch_ready_queue_pkey primary key (town_id, id),
  constraint touch_ready_queue_external_id_key unique (town_id, external_id),
  constraint touch_ready_queue_contact_id_fkey foreign key (town_id, contact_id)
    references crm.contacts (town_id, id),
  constraint touch_ready_queue_kind_check check (kind in ('email', 'call', 'text', 'meeting', 'linkedin', 'slack', 'gift', 'other')),
  constraint touch_ready_queue_priority_check check (priority between 1 and 10),
  constraint touch_ready_queue_suggested_message_check check (length(suggested_message) between 1 and 20000),
  constraint touch_ready_queue_confidence_check check (confidence between 0 and 1),
  constraint touch_ready_queue_reason_check check (length(reason) between 1 and 5000),
  constraint touch_ready_queue_status_check check (status in ('ready', 'scheduled', 'sent', 'dismissed')),
  constraint touch_ready_queue_external_id_check check (length(external_id) between 1 and 200),
  constraint touch_ready_queue_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index touch_ready_queue_created_at_idx on agenda.touch_ready_queue (town_id, created_at desc, id desc);
create index touch_ready_queue_priority_idx on agenda.touch_ready_queue (town_id, priority desc, id desc);
create index touch_ready_queue_scheduled_at_idx on agenda.touch_ready_queue (town_id, scheduled_at, id);
create index touch_ready_queue_status_idx on agenda.touch_ready_queue (town_id, status);
create index touch_ready_queue_contact_id_idx on agenda.touch_ready_queue (town_id, contact_id);
create index touch_ready_queue_person_id_idx on agenda.touch_ready_queue (town_id, person_id);
