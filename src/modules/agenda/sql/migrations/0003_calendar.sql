create table agenda.calendar_events (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  owner_id uuid,
  title text not null,
  description text,
  kind text not null default 'meeting',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  is_all_day boolean not null default false,
  is_busy boolean not null default true,
  time_zone text,
  location text,
  organizer text,
  attendees text[] not null default '{}',
  attendee_ids uuid[] not null default '{}',
  meeting_url text,
  agenda text,
  preparation_notes text,
  recurrence_rule text,
  status text not null default 'confirmed',
  visibility text not null default 'default',
  source text not null default 'own',
  calendar text,
  synced_at timestamptz,
  personality_ids uuid[] not null default '{}',
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint calendar_events_pkey primary key (town_id, id),
  constraint calendar_events_external_id_key unique (town_id, external_id),
  constraint calendar_events_title_check check (length(title) between 1 and 500),
  constraint calendar_events_description_check check (length(description) between 1 and 50000),
  constraint calendar_events_kind_check check (length(kind) between 1 and 60),
  constraint calendar_events_period_check check (starts_at <= ends_at),
  constraint calendar_events_time_zone_check check (length(time_zone) between 1 and 60),
  constraint calendar_events_location_check check (length(location) between 1 and 1000),
  constraint calendar_events_organizer_check check (length(organizer) between 1 and 320),
  constraint calendar_events_attendees_check check (cardinality(attendees) <= 500),
  constraint calendar_events_attendee_ids_check check (cardinality(attendee_ids) <= 500),
  constraint calendar_events_meeting_url_check check (length(meeting_url) between 1 and 2000),
  constraint calendar_events_agenda_check check (length(agenda) between 1 and 20000),
  constraint calendar_events_preparation_notes_check check (length(preparation_notes) between 1 and 20000),
  constraint calendar_events_recurrence_rule_check check (length(recurrence_rule) between 1 and 1000),
  constraint calendar_events_status_check check (status in ('confirmed', 'tentative', 'cancelled')),
  constraint calendar_events_visibility_check check (visibility in ('default', 'public', 'private', 'confidential')),
  constraint calendar_events_source_check check (length(source) between 1 and 60),
  constraint calendar_events_calendar_check check (length(calendar) between 1 and 500),
  constraint calendar_events_personality_ids_check check (cardinality(personality_ids) <= 50),
  constraint calendar_events_tags_check check (cardinality(tags) <= 50),
  constraint calendar_events_external_id_check check (length(external_id) between 1 and 200),
  constraint calendar_events_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index calendar_events_created_at_idx on agenda.calendar_events (town_id, created_at desc, id desc);
create index calendar_events_starts_at_idx on agenda.calendar_events (town_id, starts_at, id);
create index calendar_events_ends_at_idx on agenda.calendar_events (town_id, ends_at);
create index calendar_events_owner_id_idx on agenda.calendar_events (town_id, owner_id);
create index calendar_events_kind_idx on agenda.calendar_events (town_id, kind);
create index calendar_events_status_idx on agenda.calendar_events (town_id, status);
create index calendar_events_source_idx on agenda.calendar_events (town_id, source);

create table agenda.ai_calendar_reminders (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  calendar_event_id uuid not null,
  personality_id uuid,
  minutes_before integer not null default 10,
  sent_at timestamptz,
  interfaces text[] not null default '{}',
  response text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_calendar_reminders_pkey primary key (town_id, id),
  constraint ai_calendar_reminders_external_id_key unique (town_id, external_id),
  constraint ai_calendar_reminders_calendar_event_id_fkey foreign key (town_id, calendar_event_id)
    references agenda.calendar_events (town_id, id) on delete cascade,
  constraint ai_calendar_reminders_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id),
  constraint ai_calendar_reminders_minutes_before_check check (minutes_before between 0 and 1000000),
  constraint ai_calendar_reminders_interfaces_check check (cardinality(interfaces) <= 50),
  constraint ai_calendar_reminders_response_check check (length(response) between 1 and 5000),
  constraint ai_calendar_reminders_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_calendar_reminders_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_calendar_reminders_created_at_idx on agenda.ai_calendar_reminders (town_id, created_at desc, id desc);
create index ai_calendar_reminders_calendar_event_id_idx on agenda.ai_calendar_reminders (town_id, calendar_event_id);
create index ai_calendar_reminders_personality_id_idx on agenda.ai_calendar_reminders (town_id, personality_id);

create table agenda.focus_blocks (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  person_id uuid not null,
  calendar_event_id uuid,
  kind text not null default 'deep_work',
  starts_at timestamptz,
  ends_at timestamptz,
  energy_level text,
  productivity integer,
  notes text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint focus_blocks_pkey primary key (town_id, id),
  constraint focus_blocks_external_id_key unique (town_id, external_id),
  constraint focus_blocks_calendar_event_id_fkey foreign key (town_id, calendar_event_id)
    references agenda.calendar_events (town_id, id),
  constraint focus_blocks_kind_check check (length(kind) between 1 and 60),
  constraint focus_blocks_period_check check (starts_at <= ends_at),
  constraint focus_blocks_energy_level_check check (energy_level in ('low', 'normal', 'high')),
  constraint focus_blocks_productivity_check check (productivity between 0 and 100),
  constraint focus_blocks_notes_check check (length(notes) between 1 and 20000),
  constraint focus_blocks_external_id_check check (length(external_id) between 1 and 200),
  constraint focus_blocks_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index focus_blocks_created_at_idx on agenda.focus_blocks (town_id, created_at desc, id desc);
create index focus_blocks_starts_at_idx on agenda.focus_blocks (town_id, starts_at, id);
create index focus_blocks_person_id_idx on agenda.focus_blocks (town_id, person_id, starts_at);
create index focus_blocks_calendar_event_id_idx on agenda.focus_blocks (town_id, calendar_event_id);
create index focus_blocks_kind_idx on agenda.focus_blocks (town_id, kind);
