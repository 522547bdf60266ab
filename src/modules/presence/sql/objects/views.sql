-- Both are the one event stream under older names: row-level security of journal.events decides which rows there are.

create or replace view presence.ai_activity_log with (security_invoker = true) as
  select e.town_id, e.id, e.seq, e.at, e.kind, e.operation, e.user_id, e.interface, e.personality_id, e.entity_kind, e.entity_id,
    e.payload, e.privacy
  from journal.events e;
comment on view presence.ai_activity_log is 'The event stream as an activity log.';
comment on column presence.ai_activity_log.town_id is 'The town.';
comment on column presence.ai_activity_log.id is 'Identifier (UUIDv7).';
comment on column presence.ai_activity_log.seq is 'Gapless sequence in the town; numbers that the reader may not see are missing.';
comment on column presence.ai_activity_log.at is 'When.';
comment on column presence.ai_activity_log.kind is 'What happened, as in message.created.';
comment on column presence.ai_activity_log.operation is 'Operation that caused it.';
comment on column presence.ai_activity_log.user_id is 'Person who acted.';
comment on column presence.ai_activity_log.interface is 'Interface it came from, where known.';
comment on column presence.ai_activity_log.personality_id is 'Personality it concerns, where there is one.';
comment on column presence.ai_activity_log.entity_kind is 'Kind of the thing that changed.';
comment on column presence.ai_activity_log.entity_id is 'The thing that changed.';
comment on column presence.ai_activity_log.payload is 'Facts of the change.';
comment on column presence.ai_activity_log.privacy is 'Who may see it: public, team, private or boss_only.';

create or replace view presence.ai_sync_queue with (security_invoker = true) as
  select e.town_id, e.id, e.seq, e.personality_id, e.interface as source_interface, e.kind as sync_type,
    e.entity_kind, e.entity_id, e.payload, e.at as created_at, e.privacy
  from journal.events e
  where e.personality_id is not null;
comment on view presence.ai_sync_queue is
  'What every interface of a personality has to learn, in order: the events that concern one. Who has read how far is each reader''s own Last-Event-ID.';
comment on column presence.ai_sync_queue.town_id is 'The town.';
comment on column presence.ai_sync_queue.id is 'Identifier (UUIDv7).';
comment on column presence.ai_sync_queue.seq is 'Place in the town''s stream; the id of the live feed.';
comment on column presence.ai_sync_queue.personality_id is 'Personality it concerns.';
comment on column presence.ai_sync_queue.source_interface is 'Interface it came from, where known.';
comment on column presence.ai_sync_queue.sync_type is 'What happened, as in state.changed.';
comment on column presence.ai_sync_queue.entity_kind is 'Kind of the thing that changed.';
comment on column presence.ai_sync_queue.entity_id is 'The thing that changed.';
comment on column presence.ai_sync_queue.payload is 'Facts of the change.';
comment on column presence.ai_sync_queue.created_at is 'When.';
comment on column presence.ai_sync_queue.privacy is 'Who may see it: public, team, private or boss_only.';

create or replace view presence.ai_personalities_current_state with (security_invoker = true) as
  select p.town_id, p.id, p.slug, p.name,
    coalesce(s.mood, persona.calculate_mood(p.attraction, p.gandhi_genghis, '{}')) as mood,
    coalesce(s.mode, 'normal') as mode, coalesce(s.energy, 'normal') as energy, coalesce(s.focus, 'available') as focus,
    coalesce(s.version, 1) as version, coalesce(s.updated_at, p.created_at) as updated_at,
    (
      select count(*) from presence.ai_personality_instances i
      where i.town_id = p.town_id and i.personality_id = p.id and i.status = 'active'
    ) as active_interface_count,
    p.privacy
  from persona.personalities p
  left join presence.ai_personality_state s on s.town_id = p.town_id and s.personality_id = p.id
  where p.is_active;
comment on view presence.ai_personalities_current_state is
  'How each personality that is offered is now; one that nobody has changed is as its own sliders call for.';
comment on column presence.ai_personalities_current_state.town_id is 'The town.';
comment on column presence.ai_personalities_current_state.id is 'The personality.';
comment on column presence.ai_personalities_current_state.slug is 'Its short name.';
comment on column presence.ai_personalities_current_state.name is 'Its name.';
comment on column presence.ai_personalities_current_state.mood is 'Shared mood.';
comment on column presence.ai_personalities_current_state.mode is 'What it is doing.';
comment on column presence.ai_personalities_current_state.energy is 'low, normal or high.';
comment on column presence.ai_personalities_current_state.focus is 'available, focused or busy.';
comment on column presence.ai_personalities_current_state.version is 'Version of the state; 1 while nobody has changed it.';
comment on column presence.ai_personalities_current_state.updated_at is 'When the state last changed.';
comment on column presence.ai_personalities_current_state.active_interface_count is 'How many active interfaces it has, of those the reader sees.';
comment on column presence.ai_personalities_current_state.privacy is 'Who may see it: public, team, private or boss_only.';

create or replace view presence.ai_pending_notifications with (security_invoker = true) as
  select n.town_id, n.id, n.personality_id, p.slug as personality, n.user_id, n.type, n.title, n.message, n.is_action_required,
    n.action_url, n.target_interfaces, n.priority, n.created_at, n.expires_at, n.privacy, n.created_by
  from presence.ai_notifications n
  join persona.personalities p on p.town_id = n.town_id and p.id = n.personality_id
  where not n.is_acknowledged and (n.expires_at is null or n.expires_at > (select town.acting_time()));
comment on view presence.ai_pending_notifications is 'Notifications that nobody has acknowledged and that are still needed.';
comment on column presence.ai_pending_notifications.town_id is 'The town.';
comment on column presence.ai_pending_notifications.id is 'The notification.';
comment on column presence.ai_pending_notifications.personality_id is 'The personality.';
comment on column presence.ai_pending_notifications.personality is 'Short name of the personality.';
comment on column presence.ai_pending_notifications.user_id is 'Person it is for; null means everybody who sees it.';
comment on column presence.ai_pending_notifications.type is 'reminder, alert, info or urgent.';
comment on column presence.ai_pending_notifications.title is 'Heading.';
comment on column presence.ai_pending_notifications.message is 'What it says.';
comment on column presence.ai_pending_notifications.is_action_required is 'Whether the person is expected to do something.';
comment on column presence.ai_pending_notifications.action_url is 'Address where that is done.';
comment on column presence.ai_pending_notifications.target_interfaces is 'Kinds of interface it is for; empty means any.';
comment on column presence.ai_pending_notifications.priority is '1 (whenever) to 10 (now).';
comment on column presence.ai_pending_notifications.created_at is 'When it was made.';
comment on column presence.ai_pending_notifications.expires_at is 'From when on nobody needs it; null means never.';
comment on column presence.ai_pending_notifications.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column presence.ai_pending_notifications.created_by is 'Person who made it; owner of private rows.';

grant select on presence.ai_activity_log, presence.ai_sync_queue, presence.ai_personalities_current_state,
  presence.ai_pending_notifications to robbieverse_app;
