create or replace view presence.ai_activity_log with (security_invoker = true) as
  select e.town_id, e.id, e.seq, e.at, e.kind, e.operation, e.user_id, e.interface, e.personality_id, e.entity_kind, e.entity_id,
    e.payload, e.privacy
  from journal.events e;
comment on view presence.ai_activity_log is 'The event stream as an activity log.';
grant select on presence.ai_activity_log to robbieverse_app;
