create table presence.ai_personality_state (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  mood text not null,
  is_mood_explicit boolean not null default false,
  mode text not null,
  energy text not null,
  focus text not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  constraint ai_personality_state_pkey primary key (town_id, id),
  constraint ai_personality_state_personality_id_key unique (town_id, personality_id),
  constraint ai_personality_state_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_personality_state_mood_fkey foreign key (town_id, mood) references persona.moods (town_id, name),
  constraint ai_personality_state_mode_check check (length(mode) between 1 and 50),
  constraint ai_personality_state_mood_check check (mood in ('friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing')),
  constraint ai_personality_state_energy_check check (energy in ('low', 'normal', 'high')),
  constraint ai_personality_state_focus_check check (focus in ('available', 'focused', 'busy')),
  constraint ai_personality_state_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_personality_state_mood_idx on presence.ai_personality_state (town_id, mood);

create table presence.ai_state_history (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  at timestamptz not null,
  version integer not null,
  mood text not null,
  mode text not null,
  energy text not null,
  focus text not null,
  privacy text not null,
  created_by uuid not null,
  constraint ai_state_history_pkey primary key (town_id, id),
  constraint ai_state_history_version_key unique (town_id, personality_id, version),
  constraint ai_state_history_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_state_history_version_check check (version >= 1),
  constraint ai_state_history_mood_check check (mood in ('friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing')),
  constraint ai_state_history_energy_check check (energy in ('low', 'normal', 'high')),
  constraint ai_state_history_focus_check check (focus in ('available', 'focused', 'busy')),
  constraint ai_state_history_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
