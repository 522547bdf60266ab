create table journal.heads (
  town_id uuid not null,
  event_seq bigint not null,
  audit_seq bigint not null,
  audit_hash bytea not null,
  constraint heads_pkey primary key (town_id)
);

create table journal.events (
  town_id uuid not null,
  id uuid not null,
  seq bigint not null,
  kind text not null,
  version integer not null default 1,
  operation text not null,
  user_id uuid not null,
  key_id uuid,
  interface text,
  personality_id uuid,
  entity_kind text not null,
  entity_id uuid not null,
  payload jsonb not null,
  request_id text not null,
  privacy text not null,
  created_by uuid not null,
  at timestamptz not null,
  constraint events_pkey primary key (town_id, id),
  constraint events_seq_key unique (town_id, seq),
  constraint events_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index events_entity_idx on journal.events (town_id, entity_id);

create table journal.audit_log (
  town_id uuid not null,
  id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  user_id uuid not null,
  key_id uuid,
  operation text not null,
  entity_kind text not null,
  entity_id uuid not null,
  request_id text not null,
  before jsonb,
  after jsonb,
  salt bytea,
  digest bytea not null,
  hash bytea not null,
  privacy text not null,
  created_by uuid not null,
  constraint audit_log_pkey primary key (town_id, id),
  constraint audit_log_seq_key unique (town_id, seq),
  constraint audit_log_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index audit_log_entity_idx on journal.audit_log (town_id, entity_id);

create table journal.idempotency_keys (
  town_id uuid not null,
  id uuid not null,
  key text not null,
  operation text not null,
  request_hash text not null,
  state text not null,
  prepared json,
  reply json,
  created_at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint idempotency_keys_pkey primary key (town_id, id),
  constraint idempotency_keys_key_key unique (town_id, created_by, key),
  constraint idempotency_keys_state_check check (state in ('prepared', 'done', 'erased')),
  constraint idempotency_keys_key_check check (length(key) between 1 and 200),
  constraint idempotency_keys_privacy_check check (privacy = 'private')
);
create index idempotency_keys_created_at_idx on journal.idempotency_keys (town_id, created_at);
