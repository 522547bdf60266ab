create table conversation.conversation_context (
  town_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  key text not null,
  value jsonb not null,
  expires_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint conversation_context_pkey primary key (town_id, id),
  constraint conversation_context_key_key unique (town_id, conversation_id, key),
  constraint conversation_context_conversation_id_fkey foreign key (town_id, conversation_id)
    references conversation.conversations (town_id, id) on delete cascade,
  constraint conversation_context_key_check check (length(key) between 1 and 255),
  constraint conversation_context_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index conversation_context_created_at_idx on conversation.conversation_context (town_id, created_at desc, id desc);

create table conversation.conversation_analytics (
  town_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  satisfaction double precision,
  resolution_seconds integer,
  interaction_count integer not null default 0,
  token_count bigint not null default 0,
  cost_micros bigint not null default 0,
  currency text not null default 'USD',
  sentiment jsonb,
  topics text[] not null default '{}',
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint conversation_analytics_pkey primary key (town_id, id),
  constraint conversation_analytics_external_id_key unique (town_id, external_id),
  constraint conversation_analytics_conversation_id_fkey foreign key (town_id, conversation_id)
    references conversation.conversations (town_id, id) on delete cascade,
  constraint conversation_analytics_satisfaction_check check (satisfaction between 0 and 5),
  constraint conversation_analytics_resolution_seconds_check check (resolution_seconds >= 0),
  constraint conversation_analytics_interaction_count_check check (interaction_count >= 0),
  constraint conversation_analytics_token_count_check check (token_count >= 0),
  constraint conversation_analytics_cost_micros_check check (cost_micros >= 0),
  constraint conversation_analytics_currency_check check (length(currency) between 3 and 3),
  constraint conversation_analytics_topics_check check (cardinality(topics) <= 100),
  constraint conversation_analytics_external_id_check check (length(external_id) between 1 and 200),
  constraint conversation_analytics_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index conversation_analytics_created_at_idx on conversation.conversation_analytics (town_id, created_at desc, id desc);
create index conversation_analytics_conversation_id_idx on conversation.conversation_analytics (town_id, conversation_id);

create table conversation.messages_history (
  town_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  content text not null,
  change text not null,
  changed_by uuid not null,
  changed_at timestamptz not null,
  privacy text not null,
  created_by uuid not null,
  constraint messages_history_pkey primary key (town_id, id),
  constraint messages_history_message_id_fkey foreign key (town_id, message_id)
    references conversation.messages (town_id, id) on delete cascade,
  constraint messages_history_change_check check (change in ('edited', 'deleted')),
  constraint messages_history_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index messages_history_message_id_idx on conversation.messages_history (town_id, message_id, changed_at, id);
