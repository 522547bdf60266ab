create table memory.ai_memories (
  town_id uuid not null,
  id uuid not null,
  category text not null,
  subject text not null,
  content text not null,
  personality_id uuid,
  confidence double precision not null,
  importance integer not null,
  emotional_weight integer not null default 0,
  people text[] not null default '{}',
  tags text[] not null default '{}',
  source text not null,
  is_core boolean not null default false,
  decay_rate double precision not null default 0.95,
  access_count integer not null default 0,
  last_accessed_at timestamptz,
  valid_from timestamptz,
  valid_to timestamptz,
  expires_at timestamptz,
  supersedes_id uuid,
  token_count integer not null,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_memories_pkey primary key (town_id, id),
  constraint ai_memories_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id),
  constraint ai_memories_category_check check (category in (
    'preference', 'fact', 'relationship', 'behavior', 'context', 'skill', 'goal', 'emotion', 'decision', 'feedback')),
  constraint ai_memories_subject_check check (length(subject) between 1 and 255),
  constraint ai_memories_confidence_check check (confidence between 0 and 1),
  constraint ai_memories_importance_check check (importance between 1 and 10),
  constraint ai_memories_emotional_weight_check check (emotional_weight between -10 and 10),
  constraint ai_memories_source_check check (source in ('explicit', 'extracted', 'observed', 'inferred', 'imported')),
  constraint ai_memories_decay_rate_check check (decay_rate > 0 and decay_rate <= 1),
  constraint ai_memories_validity_check check (valid_to is null or valid_from is null or valid_from <= valid_to),
  constraint ai_memories_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_memories_created_at_idx on memory.ai_memories (town_id, created_at desc, id desc);
create index ai_memories_expires_at_idx on memory.ai_memories (town_id, expires_at) where expires_at is not null;
create index ai_memories_personality_id_idx on memory.ai_memories (town_id, personality_id);

create table memory.ai_memory_evidence (
  town_id uuid not null,
  id uuid not null,
  memory_id uuid not null,
  message_id uuid,
  quote text not null,
  created_at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint ai_memory_evidence_pkey primary key (town_id, id),
  constraint ai_memory_evidence_memory_id_fkey foreign key (town_id, memory_id)
    references memory.ai_memories (town_id, id) on delete cascade,
  constraint ai_memory_evidence_message_id_fkey foreign key (town_id, message_id)
    references conversation.messages (town_id, id) on delete cascade,
  constraint ai_memory_evidence_quote_check check (length(quote) between 1 and 10000),
  constraint ai_memory_evidence_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_memory_evidence_memory_id_idx on memory.ai_memory_evidence (town_id, memory_id);
create index ai_memory_evidence_message_id_idx on memory.ai_memory_evidence (town_id, message_id);
