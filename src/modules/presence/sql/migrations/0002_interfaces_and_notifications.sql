create table presence.ai_personality_instances (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  user_id uuid,
  interface text not null,
  interface_id text not null,
  status text not null default 'active',
  started_at timestamptz,
  last_active_at timestamptz,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_personality_instances_pkey primary key (town_id, id),
  constraint ai_personality_instances_external_id_key unique (town_id, external_id),
  constraint ai_personality_instances_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_personality_instances_interface_check check (length(interface) between 1 and 50),
  constraint ai_personality_instances_interface_id_check check (length(interface_id) between 1 and 200),
  constraint ai_personality_instances_status_check check (status in ('active', 'idle', 'disconnected')),
  constraint ai_personality_instances_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_personality_instances_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_personality_instances_created_at_idx on presence.ai_personality_instances (town_id, created_at desc, id desc);
create index ai_personality_instances_personality_id_idx on presence.ai_personality_instances (town_id, personality_id);
create index ai_personality_instances_user_id_idx on presence.ai_personality_instances (town_id, user_id);
create index ai_personality_instances_interface_idx on presence.ai_personality_instances (town_id, interface, interface_id);
create index ai_personality_instances_status_idx on presence.ai_personality_instances (town_id, status);
create index ai_personality_instances_last_active_at_idx on presence.ai_personality_instances (town_id, last_active_at desc nulls last, id desc);

create table presence.ai_notifications (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  user_id uuid,
  type text not null,
  title text not null,
  message text not null,
  is_action_required boolean not null default false,
  action_url text,
  target_interfaces text[] not null default '{}',
  priority integer not null default 5,
  expires_at timestamptz,
  is_acknowledged boolean not null default false,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_notifications_pkey primary key (town_id, id),
  constraint ai_notifications_external_id_key unique (town_id, external_id),
  constraint ai_notifications_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_notifications_type_check check (type in ('reminder', 'alert', 'info', 'urgent')),
  constraint ai_notifications_title_check check (length(title) between 1 and 500),
  constraint ai_notifications_message_check check (length(message) between 1 and 20000),
  constraint ai_notifications_action_url_check check (length(action_url) between 1 and 2000),
  constraint ai_notifications_target_interfaces_check check (cardinality(target_interfaces) <= 20),
  constraint ai_notifications_priority_check check (priority between 1 and 10),
  constraint ai_notifications_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_notifications_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_notifications_created_at_idx on presence.ai_notifications (town_id, created_at desc, id desc);
create index ai_notifications_personality_id_idx on presence.ai_notifications (town_id, personality_id);
create index ai_notifications_user_id_idx on presence.ai_notifications (town_id, user_id);
create index ai_notifications_type_idx on presence.ai_notifications (town_id, type);
create index ai_notifications_is_acknowledged_idx on presence.ai_notifications (town_id, is_acknowledged);
create index ai_notifications_priority_idx on presence.ai_notifications (town_id, priority desc, id desc);

create table presence.ai_notification_delivery (
  town_id uuid not null,
  id uuid not null,
  notification_id uuid not null,
  interface text not null,
  interface_id text not null,
  delivered_at timestamptz,
  is_acknowledged boolean not null default false,
  acknowledged_at timestamptz,
  response text,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_notification_delivery_pkey primary key (town_id, id),
  constraint ai_notification_delivery_external_id_key unique (town_id, external_id),
  constraint ai_notification_delivery_interface_key unique (town_id, notification_id, interface, interface_id),
  constraint ai_notification_delivery_notification_id_fkey foreign key (town_id, notification_id)
    references presence.ai_notifications (town_id, id) on delete cascade,
  constraint ai_notification_delivery_interface_check check (length(interface) between 1 and 50),
  constraint ai_notification_delivery_interface_id_check check (length(interface_id) between 1 and 200),
  constraint ai_notification_delivery_response_check check (length(response) between 1 and 2000),
  constraint ai_notification_delivery_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_notification_delivery_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_notification_delivery_created_at_idx on presence.ai_notification_delivery (town_id, created_at desc, id desc);
create index ai_notification_delivery_interface_idx on presence.ai_notification_delivery (town_id, interface);

create table presence.ai_conversation_contexts (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  user_id uuid,
  interface text not null,
  summary text,
  active_topics text[] not null default '{}',
  last_messages jsonb not null default '[]',
  started_at timestamptz,
  last_message_at timestamptz,
  status text not null default 'active',
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_conversation_contexts_pkey primary key (town_id, id),
  constraint ai_conversation_contexts_external_id_key unique (town_id, external_id),
  constraint ai_conversation_contexts_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_conversation_contexts_interface_check check (length(interface) between 1 and 50),
  constraint ai_conversation_contexts_summary_check check (length(summary) between 1 and 20000),
  constraint ai_conversation_contexts_active_topics_check check (cardinality(active_topics) <= 50),
  constraint ai_conversation_contexts_status_check check (status in ('active', 'paused', 'ended')),
  constraint ai_conversation_contexts_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_conversation_contexts_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_conversation_contexts_created_at_idx on presence.ai_conversation_contexts (town_id, created_at desc, id desc);
create index ai_conversation_contexts_personality_id_idx on presence.ai_conversation_contexts (town_id, personality_id);
create index ai_conversation_contexts_user_id_idx on presence.ai_conversation_contexts (town_id, user_id);
create index ai_conversation_contexts_interface_idx on presence.ai_conversation_contexts (town_id, interface);
create index ai_conversation_contexts_status_idx on presence.ai_conversation_contexts (town_id, status);
create index ai_conversation_contexts_last_message_at_idx on presence.ai_conversation_contexts (town_id, last_message_at desc nulls last, id desc);

create table presence.ai_behavior_effectiveness (
  town_id uuid not null,
  id uuid not null,
  personality_id uuid not null,
  behavior text not null,
  context jsonb not null default '{}',
  outcome jsonb not null default '{}',
  effectiveness double precision,
  interface text,
  at timestamptz not null,
  external_id text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ai_behavior_effectiveness_pkey primary key (town_id, id),
  constraint ai_behavior_effectiveness_external_id_key unique (town_id, external_id),
  constraint ai_behavior_effectiveness_personality_id_fkey foreign key (town_id, personality_id)
    references persona.personalities (town_id, id) on delete cascade,
  constraint ai_behavior_effectiveness_behavior_check check (length(behavior) between 1 and 200),
  constraint ai_behavior_effectiveness_effectiveness_check check (effectiveness between 0 and 1),
  constraint ai_behavior_effectiveness_interface_check check (length(interface) between 1 and 50),
  constraint ai_behavior_effectiveness_external_id_check check (length(external_id) between 1 and 200),
  constraint ai_behavior_effectiveness_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index ai_behavior_effectiveness_created_at_idx on presence.ai_behavior_effectiveness (town_id, created_at desc, id desc);
create index ai_behavior_effectiveness_personality_id_idx on presence.ai_behavior_effectiveness (town_id, personality_id);
create index ai_behavior_effectiveness_behavior_idx on presence.ai_behavior_effectiveness (town_id, behavior);
create index ai_behavior_effectiveness_interface_idx on presence.ai_behavior_effectiveness (town_id, interface);
create index ai_behavior_effectiveness_at_idx on presence.ai_behavior_effectiveness (town_id, at desc, id desc);
