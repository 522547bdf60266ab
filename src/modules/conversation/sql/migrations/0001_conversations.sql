create table conversation.conversations (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  title text,
  type text not null default 'chat',
  status text not null default 'active',
  interface text,
  tags text[] not null default '{}',
  importance integer not null default 5,
  message_count integer not null default 0,
  last_message_at timestamptz,
  external_id text,
  current_leaf_id uuid,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint conversations_pkey primary key (town_id, id),
  constraint conversations_external_id_key unique (town_id, created_by, external_id),
  constraint conversations_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id),
  constraint conversations_type_check check (type in ('chat', 'support', 'training', 'system', 'vengeance')),
  constraint conversations_status_check check (status in ('active', 'archived', 'deleted')),
  constraint conversations_importance_check check (importance between 1 and 10),
  constraint conversations_message_count_check check (message_count >= 0),
  constraint conversations_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index conversations_updated_at_idx on conversation.conversations (town_id, updated_at desc, id desc);
create index conversations_personality_id_idx on conversation.conversations (town_id, personality_id);

create table conversation.messages (
  town_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  parent_id uuid,
  external_id text,
  role text not null,
  speaker text,
  content text not null,
  status text not null default 'complete',
  token_count integer not null,
  model text,
  mood text,
  interface text,
  at timestamptz not null,
  created_at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint messages_pkey primary key (town_id, id),
  constraint messages_external_id_key unique (town_id, conversation_id, external_id),
  constraint messages_conversation_id_fkey foreign key (town_id, conversation_id)
    references conversation.conversations (town_id, id) on delete cascade,
  constraint messages_role_check check (role in ('user', 'assistant', 'system', 'tool')),
  constraint messages_status_check check (status in ('pending', 'complete', 'unanswered')),
  constraint messages_token_count_check check (token_count >= 0),
  constraint messages_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id);
create index messages_pending_idx on conversation.messages (town_id, at) where status = 'pending';
