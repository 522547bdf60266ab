create table agenda.ai_commitments (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  personality_id uuid,
  promise text not null,
  promised_by uuid,
  committed_to text,
  contact_id uuid,
  deadline_at timestamptz,
  time_zone text,
  priority integer not null default 5,
  completed_at timestamptz,
  cancelled_at timestamptz,
  is_open boolean not null generated always as (completed_at is null and cancelled_at is null) stored,
  message_id uuid,
  quote text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_commitments_pkey primary key (town_id, id),
  constraint ai_commitments_external_id_key unique (town_id, external_id),
  constraint ai_commitments_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id),
  constraint ai_commitments_contact_id_fkey foreign key (town_id, contact_id)
    references crm.contacts (town_id, id),
  constraint ai_commitments_message_id_fkey foreign key (town_id, message_id)
    references conversation.messages (town_id, id),
  constraint ai_commitments_promise_check check (length(promise) between 1 and 5000),
  constraint ai_commitments_committed_to_check check (length(committed_to) between 1 and 200),
  constraint ai_commitments_time_zone_check check (length(time_zone) between 1 and 60),
  constraint ai_commitments_priority_check check (priority between 1 and 10),
  constraint ai_commitments_quote_check check (length(quote) between 1 and 10000),
  constraint ai_commitments_tags_check check (cardinality(tags) <= 50),
  constraint ai_commitments_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_commitments_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_commitments_created_at_idx on agenda.ai_commitments (town_id, created_at desc, id desc);
create index ai_commitments_deadline_at_idx on agenda.ai_commitments (town_id, deadline_at, id);
create index ai_commitments_priority_idx on agenda.ai_commitments (town_id, priority desc, id desc);
create index ai_commitments_is_open_idx on agenda.ai_commitments (town_id, is_open, deadline_at);
create index ai_commitments_personality_id_idx on agenda.ai_commitments (town_id, personality_id);
create index ai_commitments_promised_by_idx on agenda.ai_commitments (town_id, promised_by);
create index ai_commitments_contact_id_idx on agenda.ai_commitments (town_id, contact_id);
create index ai_commitments_message_id_idx on agenda.ai_commitments (town_id, message_id);

create table agenda.ai_commitment_progress (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  commitment_id uuid not null,
  note text not null,
  noted_at timestamptz not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_commitment_progress_pkey primary key (town_id, id),
  constraint ai_commitment_progress_external_id_key unique (town_id, external_id),
  constraint ai_commitment_progress_commitment_id_fkey foreign key (town_id, commitment_id)
    references agenda.ai_commitments (town_id, id) on delete cascade,
  constraint ai_commitment_progress_note_check check (length(note) between 1 and 5000),
  constraint ai_commitment_progress_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_commitment_progress_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_commitment_progress_created_at_idx on agenda.ai_commitment_progress (town_id, created_at desc, id desc);
create index ai_commitment_progress_noted_at_idx on agenda.ai_commitment_progress (town_id, noted_at, id);
create index ai_commitment_progress_commitment_id_idx on agenda.ai_commitment_progress (town_id, commitment_id, noted_at);

create table agenda.ai_commitment_reminders (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  commitment_id uuid not null,
  kind text not null default 'upcoming',
  remind_at timestamptz not null,
  sent_at timestamptz,
  interfaces text[] not null default '{}',
  recurrence_rule text,
  time_zone text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_commitment_reminders_pkey primary key (town_id, id),
  constraint ai_commitment_reminders_external_id_key unique (town_id, external_id),
  constraint ai_commitment_reminders_commitment_id_fkey foreign key (town_id, commitment_id)
    references agenda.ai_commitments (town_id, id) on delete cascade,
  constraint ai_commitment_reminders_kind_check check (kind in ('upcoming', 'overdue', 'follow_up')),
  constraint ai_commitment_reminders_interfaces_check check (cardinality(interfaces) <= 50),
  constraint ai_commitment_reminders_recurrence_rule_check check (length(recurrence_rule) between 1 and 1000),
  constraint ai_commitment_reminders_time_zone_check check (length(time_zone) between 1 and 60),
  constraint ai_commitment_reminders_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_commitment_reminders_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_commitment_reminders_created_at_idx on agenda.ai_commitment_reminders (town_id, created_at desc, id desc);
create index ai_commitment_reminders_remind_at_idx on agenda.ai_commitment_reminders (town_id, remind_at, id);
create index ai_commitment_reminders_commitment_id_idx on agenda.ai_commitment_reminders (town_id, commitment_id);
create index ai_commitment_reminders_kind_idx on agenda.ai_commitment_reminders (town_id, kind);
