create table sharing.share_grants (
  town_id uuid not null,
  id uuid not null,
  object_kind text not null,
  object_id uuid not null,
  target_town_id uuid not null,
  target_town text not null,
  fields text[] not null default '{}',
  source_version integer not null,
  note text,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint share_grants_pkey primary key (town_id, id),
  constraint share_grants_object_kind_check
    check (object_kind in ('knowledge', 'enriched_record', 'market_intelligence', 'personality_state')),
  constraint share_grants_fields_check check (cardinality(fields) <= 50),
  constraint share_grants_source_version_check check (source_version >= 1),
  constraint share_grants_note_check check (length(note) <= 2000),
  constraint share_grants_revoked_check check ((revoked_at is null) = (revoked_by is null)),
  constraint share_grants_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index share_grants_created_at_idx on sharing.share_grants (town_id, created_at desc, id desc);
create index share_grants_object_id_idx on sharing.share_grants (town_id, object_id);
create index share_grants_target_town_id_idx on sharing.share_grants (town_id, target_town_id);
create index share_grants_object_kind_idx on sharing.share_grants (town_id, object_kind);
create unique index share_grants_active_idx on sharing.share_grants (town_id, object_kind, object_id, target_town_id)
  where revoked_at is null;

create table sharing.shared_knowledge_base (
  town_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  source_town_id uuid not null,
  source_town text not null,
  source_id uuid not null,
  source_version integer not null,
  fields text[] not null default '{}',
  title text,
  content text,
  category text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  expires_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint shared_knowledge_base_pkey primary key (town_id, id),
  constraint shared_knowledge_base_grant_id_key unique (town_id, grant_id),
  constraint shared_knowledge_base_title_check check (length(title) between 1 and 500),
  constraint shared_knowledge_base_content_check check (length(content) <= 100000),
  constraint shared_knowledge_base_category_check check (length(category) between 1 and 100),
  constraint shared_knowledge_base_tags_check check (cardinality(tags) <= 50),
  constraint shared_knowledge_base_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index shared_knowledge_base_created_at_idx on sharing.shared_knowledge_base (town_id, created_at desc, id desc);
create index shared_knowledge_base_expires_at_idx on sharing.shared_knowledge_base (town_id, expires_at);

create table sharing.shared_enriched_records (
  town_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  source_town_id uuid not null,
  source_town text not null,
  source_id uuid not null,
  source_version integer not null,
  fields text[] not null default '{}',
  record_type text not null,
  record_external_id text,
  enrichment_source text,
  data jsonb not null,
  enriched_at timestamptz,
  metadata jsonb not null default '{}',
  expires_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint shared_enriched_records_pkey primary key (town_id, id),
  constraint shared_enriched_records_grant_id_key unique (town_id, grant_id),
  constraint shared_enriched_records_record_type_check check (record_type in ('company', 'contact')),
  constraint shared_enriched_records_record_external_id_check check (length(record_external_id) <= 255),
  constraint shared_enriched_records_enrichment_source_check check (length(enrichment_source) <= 100),
  constraint shared_enriched_records_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index shared_enriched_records_created_at_idx on sharing.shared_enriched_records (town_id, created_at desc, id desc);
create index shared_enriched_records_expires_at_idx on sharing.shared_enriched_records (town_id, expires_at);

create table sharing.shared_market_intelligence (
  town_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  source_town_id uuid not null,
  source_town text not null,
  source_id uuid not null,
  source_version integer not null,
  fields text[] not null default '{}',
  company_domain text,
  company_name text,
  intelligence_type text,
  data jsonb not null default '{}',
  confidence double precision,
  metadata jsonb not null default '{}',
  expires_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint shared_market_intelligence_pkey primary key (town_id, id),
  constraint shared_market_intelligence_grant_id_key unique (town_id, grant_id),
  constraint shared_market_intelligence_company_domain_check check (length(company_domain) <= 255),
  constraint shared_market_intelligence_company_name_check check (length(company_name) <= 255),
  constraint shared_market_intelligence_intelligence_type_check check (length(intelligence_type) <= 100),
  constraint shared_market_intelligence_confidence_check check (confidence between 0 and 1),
  constraint shared_market_intelligence_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index shared_market_intelligence_created_at_idx on sharing.shared_market_intelligence (town_id, created_at desc, id desc);
create index shared_market_intelligence_expires_at_idx on sharing.shared_market_intelligence (town_id, expires_at);

create table sharing.shared_personality_state (
  town_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  source_town_id uuid not null,
  source_town text not null,
  source_id uuid not null,
  source_version integer not null,
  fields text[] not null default '{}',
  personality_slug text not null,
  personality_name text not null,
  mood text,
  mode text,
  energy text,
  focus text,
  expires_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint shared_personality_state_pkey primary key (town_id, id),
  constraint shared_personality_state_grant_id_key unique (town_id, grant_id),
  constraint shared_personality_state_mood_check check (mood in ('friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing')),
  constraint shared_personality_state_energy_check check (energy in ('low', 'normal', 'high')),
  constraint shared_personality_state_focus_check check (focus in ('available', 'focused', 'busy')),
  constraint shared_personality_state_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index shared_personality_state_created_at_idx on sharing.shared_personality_state (town_id, created_at desc, id desc);
create index shared_personality_state_expires_at_idx on sharing.shared_personality_state (town_id, expires_at);
