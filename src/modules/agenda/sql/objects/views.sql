create or replace view agenda.ai_calendar_events with (security_invoker = true) as
  select e.town_id, e.id, e.external_id, e.source, e.kind, e.title, e.description, e.starts_at, e.ends_at, e.is_all_day, e.time_zone,
    e.location, e.meeting_url, e.organizer, e.attendees, e.agenda, e.preparation_notes, e.personality_ids, e.status, e.privacy,
    e.created_by, e.created_at
  from agenda.calendar_events e;
comment on view agenda.ai_calendar_events is 'The calendar as personalities see it: calendar_events under the name they know.';
comment on column agenda.ai_calendar_events.town_id is 'The town.';
comment on column agenda.ai_calendar_events.id is 'The event.';
comment on column agenda.ai_calendar_events.external_id is 'What it is called in the system it came from.';
comment on column agenda.ai_calendar_events.source is 'Where it came from: own, or the name of the system.';
comment on column agenda.ai_calendar_events.kind is 'What kind of event it is.';
comment on column agenda.ai_calendar_events.title is 'What it is called.';
comment on column agenda.ai_calendar_events.description is 'What it is about.';
comment on column agenda.ai_calendar_events.starts_at is 'When it begins.';
comment on column agenda.ai_calendar_events.ends_at is 'When it is over.';
comment on column agenda.ai_calendar_events.is_all_day is 'Whether it takes whole days.';
comment on column agenda.ai_calendar_events.time_zone is 'IANA zone it was planned in.';
comment on column agenda.ai_calendar_events.location is 'Where it takes place.';
comment on column agenda.ai_calendar_events.meeting_url is 'Address to join it at.';
comment on column agenda.ai_calendar_events.organizer is 'Name or mail address of whoever called it.';
comment on column agenda.ai_calendar_events.attendees is 'Names or mail addresses of all who are asked.';
comment on column agenda.ai_calendar_events.agenda is 'What is to be talked about.';
comment on column agenda.ai_calendar_events.preparation_notes is 'What to know or do before it.';
comment on column agenda.ai_calendar_events.personality_ids is 'Personalities it concerns.';
comment on column agenda.ai_calendar_events.status is 'confirmed, tentative or cancelled.';
comment on column agenda.ai_calendar_events.privacy is 'Who may see it.';
comment on column agenda.ai_calendar_events.created_by is 'Person who made it.';
comment on column agenda.ai_calendar_events.created_at is 'When it was made.';
grant select on agenda.ai_calendar_events to robbieverse_app;

create or replace view agenda.meeting_health with (security_invoker = true) as
  select s.town_id, s.id, s.id as calendar_event_id, s.has_agenda, s.duration_minutes, s.attendee_count, s.health_score,
    case when s.health_score >= 80 then 'healthy' when s.health_score >= 50 then 'fair' else 'poor' end as health_status,
    array_remove(array[
      case when not s.has_agenda then 'There is no agenda.' end,
      case when s.duration_minutes > 120 then 'It takes more than two hours.'
        when s.duration_minutes > 60 then 'It takes more than an hour.' end,
      case when s.attendee_count > 15 then 'More than fifteen people are asked.'
        when s.attendee_count > 8 then 'More than eight people are asked.' end,
      case when not s.has_place then 'Nothing says where it is.' end], null) as issues,
    array_remove(array[
      case when not s.has_agenda then 'Write down what is to be decided.' end,
      case when s.duration_minutes > 60 then 'Make it shorter, or two of it.' end,
      case when s.attendee_count > 8 then 'Ask only those who decide, and tell the others afterwards.' end,
      case when not s.has_place then 'Name a place or an address to join at.' end], null) as recommendations,
    s.privacy, s.created_by, s.created_at, s.updated_at
  from (
    select m.*, 100 - case when m.has_agenda then 0 else 40 end
      - case when m.duration_minutes > 120 then 30 when m.duration_minutes > 60 then 15 else 0 end
      - case when m.attendee_count > 15 then 20 when m.attendee_count > 8 then 10 else 0 end
      - case when m.has_place then 0 else 10 end as health_score
    from (
      select e.town_id, e.id, e.privacy, e.created_by, e.created_at, e.updated_at,
        coalesce(e.agenda ~ '\S', false) as has_agenda,
        floor(extract(epoch from e.ends_at - e.starts_at) / 60)::bigint as duration_minutes,
        greatest(cardinality(e.attendees), cardinality(e.attendee_ids)) as attendee_count,
        e.location is not null or e.meeting_url is not null as has_place
      from agenda.calendar_events e
      where not e.is_all_day and greatest(cardinality(e.attendees), cardinality(e.attendee_ids)) > 0
    ) m
  ) s;
comment on view agenda.meeting_health is
  'How good a meeting is planned, worked out from its event whenever it is read: 100 less 40 without agenda, 15 above one hour (30 above two), 10 above eight people (20 above fifteen), 10 without a place.';
comment on column agenda.meeting_health.town_id is 'The town.';
comment on column agenda.meeting_health.id is 'The same as the event''s: each has one health.';
comment on column agenda.meeting_health.calendar_event_id is 'The event, of those that have attendees and do not take whole days.';
comment on column agenda.meeting_health.has_agenda is 'Whether its agenda says anything.';
comment on column agenda.meeting_health.duration_minutes is 'How long it takes, in whole minutes.';
comment on column agenda.meeting_health.attendee_count is 'How many are asked.';
comment on column agenda.meeting_health.health_score is '0 (poor) to 100 (nothing to mend).';
comment on column agenda.meeting_health.health_status is 'healthy from 80, fair from 50, else poor.';
comment on column agenda.meeting_health.issues is 'What is wrong with it, in words.';
comment on column agenda.meeting_health.recommendations is 'What would mend it, in words.';
comment on column agenda.meeting_health.privacy is 'Who may see the event.';
comment on column agenda.meeting_health.created_by is 'Person who made the event.';
comment on column agenda.meeting_health.created_at is 'When the event was made.';
comment on column agenda.meeting_health.updated_at is 'When the event last changed.';
grant select on agenda.meeting_health to robbieverse_app;

create or replace view agenda.allan_attention_queue with (security_invoker = true) as
  select a.town_id, a.id, a.external_id as attention_id, a.person_id, a.kind, a.source, a.tier, a.importance_score, a.urgency_score,
    a.title, a.summary, a.content, a.sender, a.related_to, a.contact_id, a.company_id, a.deal_id, a.interaction_id, a.tags,
    a.is_action_required, a.action_kind, a.deadline_at,
    case when a.dismissed_at is not null then 'dismissed' when a.done_at is not null then 'done'
      when a.snoozed_until > (select town.acting_time()) then 'snoozed' when a.seen_at is not null then 'seen' else 'new' end as status,
    a.seen_at, a.snoozed_until, a.done_at, a.dismissed_at, a.reasons, a.suggested_action, a.raw, a.privacy, a.created_by,
    a.created_at, a.updated_at
  from agenda.attention_items a;
comment on view agenda.allan_attention_queue is 'Attention items with the status that follows from their times.';
comment on column agenda.allan_attention_queue.town_id is 'The town.';
comment on column agenda.allan_attention_queue.id is 'The item.';
comment on column agenda.allan_attention_queue.attention_id is 'What it is called in the system it came from.';
comment on column agenda.allan_attention_queue.person_id is 'Person whose attention it asks for.';
comment on column agenda.allan_attention_queue.kind is 'What kind of thing it is.';
comment on column agenda.allan_attention_queue.source is 'Where it came from.';
comment on column agenda.allan_attention_queue.tier is 'critical, high, medium or low.';
comment on column agenda.allan_attention_queue.importance_score is 'How much depends on it, 0-100.';
comment on column agenda.allan_attention_queue.urgency_score is 'How little it can wait, 0-100.';
comment on column agenda.allan_attention_queue.title is 'What it is.';
comment on column agenda.allan_attention_queue.summary is 'The same in a few sentences.';
comment on column agenda.allan_attention_queue.content is 'All of it.';
comment on column agenda.allan_attention_queue.sender is 'Who it comes from.';
comment on column agenda.allan_attention_queue.related_to is 'What it is about, in words.';
comment on column agenda.allan_attention_queue.contact_id is 'Contact it comes from or is about.';
comment on column agenda.allan_attention_queue.company_id is 'Company it is about.';
comment on column agenda.allan_attention_queue.deal_id is 'Deal it is about.';
comment on column agenda.allan_attention_queue.interaction_id is 'Interaction that it arose from.';
comment on column agenda.allan_attention_queue.tags is 'Words to find it by.';
comment on column agenda.allan_attention_queue.is_action_required is 'Whether something has to be done.';
comment on column agenda.allan_attention_queue.action_kind is 'What has to be done.';
comment on column agenda.allan_attention_queue.deadline_at is 'Until when it has to be done.';
comment on column agenda.allan_attention_queue.status is 'new, seen, snoozed, done or dismissed, as of now.';
comment on column agenda.allan_attention_queue.seen_at is 'When it was first seen.';
comment on column agenda.allan_attention_queue.snoozed_until is 'Until when it is out of sight.';
comment on column agenda.allan_attention_queue.done_at is 'When it was dealt with.';
comment on column agenda.allan_attention_queue.dismissed_at is 'When it was put away unheeded.';
comment on column agenda.allan_attention_queue.reasons is 'Why it was ranked so.';
comment on column agenda.allan_attention_queue.suggested_action is 'What is proposed.';
comment on column agenda.allan_attention_queue.raw is 'The same as its source wrote it.';
comment on column agenda.allan_attention_queue.privacy is 'Who may see it.';
comment on column agenda.allan_attention_queue.created_by is 'Person who made it.';
comment on column agenda.allan_attention_queue.created_at is 'When it was made.';
comment on column agenda.allan_attention_queue.updated_at is 'When it last changed.';
grant select on agenda.allan_attention_queue to robbieverse_app;

create or replace view agenda.ai_upcoming_reminders with (security_invoker = true) as
  select r.town_id, r.id, 'commitment' as about_kind, c.id as about_id, c.promise as title, r.kind, r.remind_at,
    c.deadline_at as takes_place_at, c.personality_id, r.privacy, r.created_by
  from agenda.ai_commitment_reminders r
  join agenda.ai_commitments c on c.town_id = r.town_id and c.id = r.commitment_id
  where r.sent_at is null and c.is_open and r.remind_at >= (select town.acting_time()) and r.remind_at < (select town.acting_time()) + interval '24 hours'
  union all
  select r.town_id, r.id, 'calendar_event', e.id, e.title, 'upcoming', e.starts_at - make_interval(mins => r.minutes_before),
    e.starts_at, r.personality_id, r.privacy, r.created_by
  from agenda.ai_calendar_reminders r
  join agenda.calendar_events e on e.town_id = r.town_id and e.id = r.calendar_event_id
  where r.sent_at is null and e.status <> 'cancelled'
    and e.starts_at - make_interval(mins => r.minutes_before) >= (select town.acting_time())
    and e.starts_at - make_interval(mins => r.minutes_before) < (select town.acting_time()) + interval '24 hours';
comment on view agenda.ai_upcoming_reminders is
  'Reminders of the next 24 hours that were not sent: of promises that are open, and of events that were not called off.';
comment on column agenda.ai_upcoming_reminders.town_id is 'The town.';
comment on column agenda.ai_upcoming_reminders.id is 'The reminder.';
comment on column agenda.ai_upcoming_reminders.about_kind is 'commitment or calendar_event.';
comment on column agenda.ai_upcoming_reminders.about_id is 'The promise or event.';
comment on column agenda.ai_upcoming_reminders.title is 'What was promised, or what the event is called.';
comment on column agenda.ai_upcoming_reminders.kind is 'upcoming, overdue or follow_up.';
comment on column agenda.ai_upcoming_reminders.remind_at is 'When to remind.';
comment on column agenda.ai_upcoming_reminders.takes_place_at is 'Deadline of the promise, or when the event begins.';
comment on column agenda.ai_upcoming_reminders.personality_id is 'Personality that reminds; null means any.';
comment on column agenda.ai_upcoming_reminders.privacy is 'Who may see it.';
comment on column agenda.ai_upcoming_reminders.created_by is 'Person who made it.';
grant select on agenda.ai_upcoming_reminders to robbieverse_app;
