create or replace view crm.engagement_signals with (security_invoker = true) as
  select i.town_id, i.interaction_type as signal,
    case when i.interaction_type in ('linkedin', 'slack') then 'social' when i.interaction_type in ('meeting', 'phone') then 'meeting'
      when i.interaction_type = 'web' then 'website' when i.interaction_type = 'email' then 'email' else 'other' end as channel,
    i.contact_id, coalesce(i.company_id, c.company_id) as company_id, i.direction, i.time_spent_seconds as seconds,
    null::bigint as views, i.occurred_at as at
  from crm.interactions i left join crm.contacts c on c.town_id = i.town_id and c.id = i.contact_id
  union all
  select i.town_id, s.signal, 'email', i.contact_id, coalesce(i.company_id, c.company_id), i.direction, null, null, s.at
  from crm.interactions i left join crm.contacts c on c.town_id = i.town_id and c.id = i.contact_id
    cross join lateral (
      select max(coalesce(e.last_opened_at, e.first_opened_at)) as opened_at,
        max(coalesce(e.last_clicked_at, e.first_clicked_at)) as clicked_at, max(e.replied_at) as replied_at
      from crm.email_engagement e where e.town_id = i.town_id and e.interaction_id = i.id) e
    cross join lateral (values ('email_opened', greatest(i.opened_at, e.opened_at)),
      ('email_clicked', greatest(i.clicked_at, e.clicked_at)), ('email_replied', greatest(i.replied_at, e.replied_at))) s (signal, at)
  where i.interaction_type = 'email' and s.at is not null
  union all
  select w.town_id, s.signal, 'website', w.contact_id, coalesce(w.company_id, c.company_id), null, w.time_on_page_seconds, null,
    w.visited_at
  from crm.website_activity w left join crm.contacts c on c.town_id = w.town_id and c.id = w.contact_id
    cross join lateral (values ('website_visit', true), ('website_conversion', w.is_converted)) s (signal, is_so)
  where s.is_so
  union all
  select w.town_id, 'website_session', 'website', w.contact_id, coalesce(w.company_id, c.company_id), null,
    sum(w.time_on_page_seconds), count(*), max(w.visited_at)
  from crm.website_activity w left join crm.contacts c on c.town_id = w.town_id and c.id = w.contact_id
  where w.session_id is not null
  group by w.town_id, w.session_id, w.contact_id, coalesce(w.company_id, c.company_id);
comment on view crm.engagement_signals is 'Every sign of interest, once: interactions, what was done with mails, pages, and visits of several pages.';
comment on column crm.engagement_signals.town_id is 'The town.';
comment on column crm.engagement_signals.signal is 'What it is, as rules name it; the type, of an interaction.';
comment on column crm.engagement_signals.channel is 'email, website, social, meeting or other.';
comment on column crm.engagement_signals.contact_id is 'Who showed it.';
comment on column crm.engagement_signals.company_id is 'The company it was for; else that of the person.';
comment on column crm.engagement_signals.direction is 'inbound, outbound or internal, of interactions.';
comment on column crm.engagement_signals.seconds is 'Time spent, in seconds.';
comment on column crm.engagement_signals.views is 'Pages of a visit.';
comment on column crm.engagement_signals.at is 'When; of mails and visits the last time.';
grant select on crm.engagement_signals to robbieverse_app;

-- One arm for each, so that a question about one person or company reaches the indexes of the tables.
create or replace view crm.engagement_subjects with (security_invoker = true) as
  select s.town_id, 'person' as subject, s.contact_id as subject_id, s.signal, s.channel, s.contact_id, s.direction, s.seconds,
    s.views, s.at
  from crm.engagement_signals s where s.contact_id is not null
  union all
  select s.town_id, 'company', s.company_id, s.signal, s.channel, s.contact_id, s.direction, s.seconds, s.views, s.at
  from crm.engagement_signals s where s.company_id is not null;
comment on view crm.engagement_subjects is 'Every sign of interest under the person who showed it, and under the company.';
comment on column crm.engagement_subjects.town_id is 'The town.';
comment on column crm.engagement_subjects.subject is 'person or company.';
comment on column crm.engagement_subjects.subject_id is 'The contact or company.';
comment on column crm.engagement_subjects.signal is 'What it is, as rules name it; the type, of an interaction.';
comment on column crm.engagement_subjects.channel is 'email, website, social, meeting or other.';
comment on column crm.engagement_subjects.contact_id is 'Who showed it.';
comment on column crm.engagement_subjects.direction is 'inbound, outbound or internal, of interactions.';
comment on column crm.engagement_subjects.seconds is 'Time spent, in seconds.';
comment on column crm.engagement_subjects.views is 'Pages of a visit.';
comment on column crm.engagement_subjects.at is 'When; of mails and visits the last time.';
grant select on crm.engagement_subjects to robbieverse_app;

-- exp and ln instead of power, with a bound, because a result that is too small to be a number is an error.
create or replace view crm.engagement_scores with (security_invoker = true) as
  select n.town_id, n.subject, n.subject_id, coalesce(p.total, 0) as total_score, coalesce(p.email, 0) as email_score,
    coalesce(p.website, 0) as website_score, coalesce(p.social, 0) as social_score, coalesce(p.meeting, 0) as meeting_score,
    n.interaction_count, n.people_count, n.email_count, n.visit_count, n.social_count, n.meeting_count, n.last_interaction_at,
    n.last_email_at, n.last_visit_at, n.last_social_at, n.last_meeting_at,
    case when coalesce(p.total, 0) > coalesce(p.total_before, 0) * 1.05 + 0.005 then 'rising'
      when coalesce(p.total, 0) < coalesce(p.total_before, 0) * 0.95 - 0.005 then 'falling' else 'stable' end as score_trend,
    case when n.this_week > n.week_before then 'rising' when n.this_week < n.week_before then 'falling' else 'stable' end
      as activity_trend,
    n.calculated_at
  from (
    select s.town_id, s.subject, s.subject_id, m.at as calculated_at,
      count(*) filter (where s.is_interaction) as interaction_count, count(distinct s.contact_id) as people_count,
      count(*) filter (where s.signal = 'email') as email_count, count(*) filter (where s.signal = 'website_visit') as visit_count,
      count(*) filter (where s.is_interaction and s.channel = 'social') as social_count,
      count(*) filter (where s.signal = 'meeting') as meeting_count, max(s.at) as last_interaction_at,
      max(s.at) filter (where s.channel = 'email') as last_email_at, max(s.at) filter (where s.channel = 'website') as last_visit_at,
      max(s.at) filter (where s.channel = 'social') as last_social_at, max(s.at) filter (where s.channel = 'meeting') as last_meeting_at,
      count(*) filter (where s.at > m.at - interval '7 days') as this_week,
      count(*) filter (where s.at > m.at - interval '14 days' and s.at <= m.at - interval '7 days') as week_before
    from (select g.*, g.signal !~ '^(email|website)_' as is_interaction from crm.engagement_subjects g) s
      cross join (select town.acting_time() as at) m
    where s.at <= m.at
    group by s.town_id, s.subject, s.subject_id, m.at
  ) n left join (
    select c.town_id, c.subject, c.subject_id, sum(c.score) as total, sum(c.score) filter (where c.channel = 'email') as email,
      sum(c.score) filter (where c.channel = 'website') as website, sum(c.score) filter (where c.channel = 'social') as social,
      sum(c.score) filter (where c.channel = 'meeting') as meeting, sum(c.score_before) as total_before
    from (
      select s.town_id, s.subject, s.subject_id, s.channel,
        least(r.max_score, sum(r.base_score * r.multiplier * case
          when r.decay_factor > 0 then exp(greatest(-30, ln(r.decay_factor) * s.age_hours / r.decay_hours))
          when s.age_hours = 0 then 1 else 0 end)) as score,
        least(r.max_score, coalesce(sum(r.base_score * r.multiplier * case
          when r.decay_factor > 0 then exp(greatest(-30, ln(r.decay_factor) * (s.age_hours - 168) / r.decay_hours))
          when s.age_hours = 168 then 1 else 0 end) filter (where s.age_hours >= 168), 0)) as score_before
      from (
        select g.*, (extract(epoch from m.at - g.at) / 3600)::double precision as age_hours
        from crm.engagement_subjects g
          cross join (select town.acting_time() as at) m
        where g.at <= m.at
      ) s
        join crm.engagement_rules r on r.town_id = s.town_id and r.signal = s.signal and r.is_active
          and (r.conditions ->> 'direction' is null or r.conditions ->> 'direction' = s.direction)
          and coalesce(s.seconds, 0) >= coalesce((r.conditions -> 'minSeconds')::double precision, 0)
          and coalesce(s.views, 0) >= coalesce((r.conditions -> 'minViews')::double precision, 0)
      group by s.town_id, s.subject, s.subject_id, s.channel, r.id, r.max_score
    ) c
    group by c.town_id, c.subject, c.subject_id
  ) p on p.town_id = n.town_id and p.subject = n.subject and p.subject_id = n.subject_id;
comment on view crm.engagement_scores is 'What the rules of engagement make of the signs of interest at this moment, for people and for companies.';
comment on column crm.engagement_scores.town_id is 'The town.';
comment on column crm.engagement_scores.subject is 'person or company.';
comment on column crm.engagement_scores.subject_id is 'The contact or company.';
comment on column crm.engagement_scores.total_score is 'Points by all rules, each with its cap and decay.';
comment on column crm.engagement_scores.email_score is 'Points of mails.';
comment on column crm.engagement_scores.website_score is 'Points of the web site.';
comment on column crm.engagement_scores.social_score is 'Points of LinkedIn and Slack.';
comment on column crm.engagement_scores.meeting_score is 'Points of meetings and calls.';
comment on column crm.engagement_scores.interaction_count is 'How many interactions there were.';
comment on column crm.engagement_scores.people_count is 'How many people showed interest.';
comment on column crm.engagement_scores.email_count is 'How many mails there were.';
comment on column crm.engagement_scores.visit_count is 'How many pages were looked at.';
comment on column crm.engagement_scores.social_count is 'How many interactions at LinkedIn and in Slack there were.';
comment on column crm.engagement_scores.meeting_count is 'How many meetings there were.';
comment on column crm.engagement_scores.last_interaction_at is 'When interest was last shown.';
comment on column crm.engagement_scores.last_email_at is 'The last time by mail.';
comment on column crm.engagement_scores.last_visit_at is 'The last time on the web site.';
comment on column crm.engagement_scores.last_social_at is 'The last time at LinkedIn or in Slack.';
comment on column crm.engagement_scores.last_meeting_at is 'The last time in a meeting or a call.';
comment on column crm.engagement_scores.score_trend is 'rising, stable or falling: the points against those of seven days before, by more than a twentieth.';
comment on column crm.engagement_scores.activity_trend is 'rising, stable or falling: how many signs there were in seven days, against the seven before.';
comment on column crm.engagement_scores.calculated_at is 'The moment that it was worked out for.';
grant select on crm.engagement_scores to robbieverse_app;

create or replace view crm.person_engagement_scores with (security_invoker = true) as
  select s.town_id, s.subject_id as contact_id,
    s.total_score, s.email_score, s.website_score, s.social_score, s.meeting_score, s.interaction_count,
    s.people_count, s.email_count, s.visit_count, s.social_count, s.meeting_count, s.last_interaction_at,
    s.last_email_at, s.last_visit_at, s.last_social_at, s.last_meeting_at, s.score_trend, s.activity_trend,
    s.calculated_at
  from crm.engagement_scores s where s.subject = 'person';
comment on view crm.person_engagement_scores is 'How interested people are at this moment; only those who showed any interest.';
comment on column crm.person_engagement_scores.town_id is 'The town.';
comment on column crm.person_engagement_scores.contact_id is 'The person.';
comment on column crm.person_engagement_scores.total_score is 'Points by all rules, each with its cap and decay.';
comment on column crm.person_engagement_scores.email_score is 'Points of mails.';
comment on column crm.person_engagement_scores.website_score is 'Points of the web site.';
comment on column crm.person_engagement_scores.social_score is 'Points of LinkedIn and Slack.';
comment on column crm.person_engagement_scores.meeting_score is 'Points of meetings and calls.';
comment on column crm.person_engagement_scores.interaction_count is 'How many interactions there were.';
comment on column crm.person_engagement_scores.people_count is 'How many people showed interest.';
comment on column crm.person_engagement_scores.email_count is 'How many mails there were.';
comment on column crm.person_engagement_scores.visit_count is 'How many pages were looked at.';
comment on column crm.person_engagement_scores.social_count is 'How many interactions at LinkedIn and in Slack there were.';
comment on column crm.person_engagement_scores.meeting_count is 'How many meetings there were.';
comment on column crm.person_engagement_scores.last_interaction_at is 'When interest was last shown.';
comment on column crm.person_engagement_scores.last_email_at is 'The last time by mail.';
comment on column crm.person_engagement_scores.last_visit_at is 'The last time on the web site.';
comment on column crm.person_engagement_scores.last_social_at is 'The last time at LinkedIn or in Slack.';
comment on column crm.person_engagement_scores.last_meeting_at is 'The last time in a meeting or a call.';
comment on column crm.person_engagement_scores.score_trend is 'rising, stable or falling: the points against those of seven days before, by more than a twentieth.';
comment on column crm.person_engagement_scores.activity_trend is 'rising, stable or falling: how many signs there were in seven days, against the seven before.';
comment on column crm.person_engagement_scores.calculated_at is 'The moment that it was worked out for.';
grant select on crm.person_engagement_scores to robbieverse_app;

create or replace view crm.company_engagement_scores with (security_invoker = true) as
  select s.town_id, s.subject_id as company_id,
    s.total_score, s.email_score, s.website_score, s.social_score, s.meeting_score, s.interaction_count,
    s.people_count, s.email_count, s.visit_count, s.social_count, s.meeting_count, s.last_interaction_at,
    s.last_email_at, s.last_visit_at, s.last_social_at, s.last_meeting_at, s.score_trend, s.activity_trend,
    s.calculated_at
  from crm.engagement_scores s where s.subject = 'company';
comment on view crm.company_engagement_scores is 'How interested companies are at this moment; only those who showed any interest.';
comment on column crm.company_engagement_scores.town_id is 'The town.';
comment on column crm.company_engagement_scores.company_id is 'The company.';
comment on column crm.company_engagement_scores.total_score is 'Points by all rules, each with its cap and decay.';
comment on column crm.company_engagement_scores.email_score is 'Points of mails.';
comment on column crm.company_engagement_scores.website_score is 'Points of the web site.';
comment on column crm.company_engagement_scores.social_score is 'Points of LinkedIn and Slack.';
comment on column crm.company_engagement_scores.meeting_score is 'Points of meetings and calls.';
comment on column crm.company_engagement_scores.interaction_count is 'How many interactions there were.';
comment on column crm.company_engagement_scores.people_count is 'How many people showed interest.';
comment on column crm.company_engagement_scores.email_count is 'How many mails there were.';
comment on column crm.company_engagement_scores.visit_count is 'How many pages were looked at.';
comment on column crm.company_engagement_scores.social_count is 'How many interactions at LinkedIn and in Slack there were.';
comment on column crm.company_engagement_scores.meeting_count is 'How many meetings there were.';
comment on column crm.company_engagement_scores.last_interaction_at is 'When interest was last shown.';
comment on column crm.company_engagement_scores.last_email_at is 'The last time by mail.';
comment on column crm.company_engagement_scores.last_visit_at is 'The last time on the web site.';
comment on column crm.company_engagement_scores.last_social_at is 'The last time at LinkedIn or in Slack.';
comment on column crm.company_engagement_scores.last_meeting_at is 'The last time in a meeting or a call.';
comment on column crm.company_engagement_scores.score_trend is 'rising, stable or falling: the points against those of seven days before, by more than a twentieth.';
comment on column crm.company_engagement_scores.activity_trend is 'rising, stable or falling: how many signs there were in seven days, against the seven before.';
comment on column crm.company_engagement_scores.calculated_at is 'The moment that it was worked out for.';
grant select on crm.company_engagement_scores to robbieverse_app;
