create or replace view insight.pipeline_by_stage with (security_invoker = true) as
  select s.town_id, s.pipeline_id, p.name as pipeline_name, s.id as stage_id, s.name as stage_name, s.display_order, s.outcome, d.currency,
    count(d.id) as deal_count, coalesce(sum(d.amount_cents), 0)::double precision as amount_cents,
    coalesce(sum(d.amount_cents::double precision * case d.status when 'won' then 100 when 'lost' then 0
      else coalesce(d.probability, s.probability) end / 100), 0) as weighted_amount_cents
  from crm.pipeline_stages s
    join crm.pipelines p on p.town_id = s.town_id and p.id = s.pipeline_id
    left join crm.deals d on d.town_id = s.town_id and d.stage_id = s.id
  group by s.town_id, s.pipeline_id, p.name, s.id, s.name, s.display_order, s.outcome, d.currency;
comment on view insight.pipeline_by_stage is 'Deals in each stage, for each currency; stages without deals too, with no currency.';
comment on column insight.pipeline_by_stage.town_id is 'The town.';
comment on column insight.pipeline_by_stage.pipeline_id is 'The pipeline.';
comment on column insight.pipeline_by_stage.pipeline_name is 'Its name.';
comment on column insight.pipeline_by_stage.stage_id is 'The stage.';
comment on column insight.pipeline_by_stage.stage_name is 'Its name.';
comment on column insight.pipeline_by_stage.display_order is 'Place in the pipeline.';
comment on column insight.pipeline_by_stage.outcome is 'open, won or lost.';
comment on column insight.pipeline_by_stage.currency is 'Currency (ISO 4217).';
comment on column insight.pipeline_by_stage.deal_count is 'How many deals stand in it.';
comment on column insight.pipeline_by_stage.amount_cents is 'Their worth, in hundredths of the currency.';
comment on column insight.pipeline_by_stage.weighted_amount_cents is 'The same, each by how likely it is to be won.';
grant select on insight.pipeline_by_stage to robbieverse_app;

create or replace view insight.deal_forecast with (security_invoker = true) as
  select d.town_id, date_trunc('month', d.expected_close_on::timestamp)::date as month, d.currency, d.forecast_category,
    count(*) as deal_count, coalesce(sum(d.amount_cents), 0)::double precision as amount_cents,
    coalesce(sum(d.amount_cents::double precision * coalesce(d.probability, s.probability) / 100), 0) as weighted_amount_cents
  from crm.deals d left join crm.pipeline_stages s on s.town_id = d.town_id and s.id = d.stage_id
  where d.status = 'open' and d.expected_close_on is not null
  group by d.town_id, date_trunc('month', d.expected_close_on::timestamp)::date, d.currency, d.forecast_category;
comment on view insight.deal_forecast is 'Open deals by the month they are expected to close in, by currency and category.';
comment on column insight.deal_forecast.town_id is 'The town.';
comment on column insight.deal_forecast.month is 'First day of the month.';
comment on column insight.deal_forecast.currency is 'Currency (ISO 4217).';
comment on column insight.deal_forecast.forecast_category is 'pipeline, best_case, commit or omitted.';
comment on column insight.deal_forecast.deal_count is 'How many deals.';
comment on column insight.deal_forecast.amount_cents is 'Their worth, in hundredths of the currency.';
comment on column insight.deal_forecast.weighted_amount_cents is 'The same, each by how likely it is to be won.';
grant select on insight.deal_forecast to robbieverse_app;

create or replace view insight.win_rates with (security_invoker = true) as
  select d.town_id, date_trunc('month', d.closed_at at time zone 'UTC')::date as month, d.currency,
    count(*) filter (where d.status = 'won') as won_count, count(*) filter (where d.status = 'lost') as lost_count,
    coalesce(sum(d.amount_cents) filter (where d.status = 'won'), 0)::double precision as won_amount_cents,
    coalesce(sum(d.amount_cents) filter (where d.status = 'lost'), 0)::double precision as lost_amount_cents,
    (count(*) filter (where d.status = 'won'))::double precision / count(*) as win_rate,
    avg(greatest((d.closed_at at time zone 'UTC')::date - d.begun_on, 0))::double precision as average_days
  from crm.deals d
  where d.status <> 'open'
  group by d.town_id, date_trunc('month', d.closed_at at time zone 'UTC')::date, d.currency;
comment on view insight.win_rates is 'Deals won and lost by the month they were closed in (UTC), and how long that took.';
comment on column insight.win_rates.town_id is 'The town.';
comment on column insight.win_rates.month is 'First day of the month.';
comment on column insight.win_rates.currency is 'Currency (ISO 4217).';
comment on column insight.win_rates.won_count is 'How many were won.';
comment on column insight.win_rates.lost_count is 'How many were lost.';
comment on column insight.win_rates.won_amount_cents is 'Worth of those won, in hundredths of the currency.';
comment on column insight.win_rates.lost_amount_cents is 'Worth of those lost, in hundredths of the currency.';
comment on column insight.win_rates.win_rate is 'Share of the deals that was won, 0-1.';
comment on column insight.win_rates.average_days is 'Days from the day they began to the day they were closed (UTC), on average; none below 0.';
grant select on insight.win_rates to robbieverse_app;

create or replace view insight.activity_by_day with (security_invoker = true) as
  select i.town_id, (i.occurred_at at time zone 'UTC')::date as day, i.interaction_type as kind, i.direction,
    count(*) as interaction_count, count(distinct i.contact_id) as contact_count, count(distinct i.company_id) as company_count,
    coalesce(sum(i.time_spent_seconds), 0) as time_spent_seconds
  from crm.interactions i
  group by i.town_id, (i.occurred_at at time zone 'UTC')::date, i.interaction_type, i.direction;
comment on view insight.activity_by_day is 'Interactions by day (UTC), kind and direction.';
comment on column insight.activity_by_day.town_id is 'The town.';
comment on column insight.activity_by_day.day is 'The day.';
comment on column insight.activity_by_day.kind is 'By what means: email, slack, meeting and so on.';
comment on column insight.activity_by_day.direction is 'inbound, outbound or internal.';
comment on column insight.activity_by_day.interaction_count is 'How many.';
comment on column insight.activity_by_day.contact_count is 'With how many people.';
comment on column insight.activity_by_day.company_count is 'With how many companies.';
comment on column insight.activity_by_day.time_spent_seconds is 'How long they took, in seconds.';
grant select on insight.activity_by_day to robbieverse_app;

create or replace view insight.workload_by_person with (security_invoker = true) as
  select w.town_id, w.user_id, u.name as user_name, sum(w.company_count)::bigint as company_count, sum(w.contact_count)::bigint as contact_count,
    sum(w.open_deal_count)::bigint as open_deal_count, sum(w.open_task_count)::bigint as open_task_count,
    sum(w.interaction_count)::bigint as interaction_count
  from (
    select c.town_id, c.owner_id as user_id, count(*) as company_count, 0 as contact_count, 0 as open_deal_count, 0 as open_task_count,
      0 as interaction_count
    from crm.companies c where c.owner_id is not null group by c.town_id, c.owner_id
    union all
    select c.town_id, c.owner_id, 0, count(*), 0, 0, 0 from crm.contacts c where c.owner_id is not null
    group by c.town_id, c.owner_id
    union all
    select d.town_id, d.owner_id, 0, 0, count(*), 0, 0
    from crm.deals d where d.owner_id is not null and d.status = 'open' group by d.town_id, d.owner_id
    union all
    select t.town_id, t.assigned_to, 0, 0, 0, count(*), 0
    from agenda.tasks t where t.assigned_to is not null and t.status not in ('done', 'cancelled') group by t.town_id, t.assigned_to
    union all
    select i.town_id, i.user_id, 0, 0, 0, 0, count(*) from crm.interactions i where i.user_id is not null
    group by i.town_id, i.user_id
  ) w
    left join identity.users u on u.id = w.user_id
  group by w.town_id, w.user_id, u.name;
comment on view insight.workload_by_person is 'What each person of the town looks after.';
comment on column insight.workload_by_person.town_id is 'The town.';
comment on column insight.workload_by_person.user_id is 'The person.';
comment on column insight.workload_by_person.user_name is 'Their name; none of those who have left the town.';
comment on column insight.workload_by_person.company_count is 'Companies they look after.';
comment on column insight.workload_by_person.contact_count is 'Contacts they look after.';
comment on column insight.workload_by_person.open_deal_count is 'Open deals they look after.';
comment on column insight.workload_by_person.open_task_count is 'Tasks of theirs that are neither done nor cancelled.';
comment on column insight.workload_by_person.interaction_count is 'Interactions that they took part in.';
grant select on insight.workload_by_person to robbieverse_app;

create or replace view insight.ai_costs with (security_invoker = true) as
  select u.town_id, (u.called_at at time zone 'UTC')::date as day, u.model_name, u.model_provider, count(*) as request_count,
    count(*) filter (where not u.is_success) as failed_count, sum(u.input_tokens)::bigint as input_tokens,
    sum(u.output_tokens)::bigint as output_tokens, sum(u.cost_micros)::double precision as cost_micros,
    avg(u.latency_ms)::double precision as average_latency_ms
  from insight.ai_model_usage u
  group by u.town_id, (u.called_at at time zone 'UTC')::date, u.model_name, u.model_provider;
comment on view insight.ai_costs is 'What models used and cost by day (UTC) and model.';
comment on column insight.ai_costs.town_id is 'The town.';
comment on column insight.ai_costs.day is 'The day.';
comment on column insight.ai_costs.model_name is 'The model.';
comment on column insight.ai_costs.model_provider is 'Who runs it.';
comment on column insight.ai_costs.request_count is 'How often it was called.';
comment on column insight.ai_costs.failed_count is 'How often it did not answer.';
comment on column insight.ai_costs.input_tokens is 'Tokens that it read.';
comment on column insight.ai_costs.output_tokens is 'Tokens that it wrote.';
comment on column insight.ai_costs.cost_micros is 'What it cost, in millionths of a US dollar.';
comment on column insight.ai_costs.average_latency_ms is 'How long a call took on average, in milliseconds.';
grant select on insight.ai_costs to robbieverse_app;

create or replace view insight.communication_analytics with (security_invoker = true) as
  select c.town_id, c.user_id, c.day,
    count(*) filter (where c.channel = 'email' and c.direction = 'outbound') as emails_sent_count,
    count(*) filter (where c.channel = 'email' and c.direction = 'inbound') as emails_received_count,
    count(*) filter (where c.channel = 'email' and c.direction = 'inbound' and c.replied_at is not null) as emails_answered_count,
    (avg(greatest(extract(epoch from c.replied_at - c.at), 0) / 3600)
      filter (where c.channel = 'email' and c.direction = 'inbound' and c.replied_at is not null))::double precision
      as average_response_hours,
    count(*) filter (where c.channel = 'slack' and c.direction = 'outbound') as slack_sent_count,
    count(*) filter (where c.channel = 'slack' and c.direction = 'inbound') as slack_received_count,
    count(*) filter (where c.channel = 'touch') as touches_completed_count
  from (
    select i.town_id, i.user_id, (i.occurred_at at time zone 'UTC')::date as day, i.interaction_type as channel, i.direction,
      i.occurred_at as at, i.replied_at
    from crm.interactions i
    where i.user_id is not null and i.interaction_type in ('email', 'slack')
    union all
    -- Named and typed as the server would write them: a dump of it then comes back as the same text.
    select t.town_id, t.person_id as user_id, (t.sent_at at time zone 'UTC')::date as day, 'touch'::text as channel,
      'outbound'::text as direction, t.sent_at as at, null::timestamptz as replied_at
    from agenda.touch_ready_queue t
    where t.person_id is not null and t.sent_at is not null
  ) c
  group by c.town_id, c.user_id, c.day;
comment on view insight.communication_analytics is 'Mail, Slack and prepared messages of each person by day (UTC).';
comment on column insight.communication_analytics.town_id is 'The town.';
comment on column insight.communication_analytics.user_id is 'The person.';
comment on column insight.communication_analytics.day is 'The day.';
comment on column insight.communication_analytics.emails_sent_count is 'Mails they sent.';
comment on column insight.communication_analytics.emails_received_count is 'Mails they received.';
comment on column insight.communication_analytics.emails_answered_count is 'Of these, mails they answered.';
comment on column insight.communication_analytics.average_response_hours is 'Hours until they answered, on average.';
comment on column insight.communication_analytics.slack_sent_count is 'Messages they sent in Slack.';
comment on column insight.communication_analytics.slack_received_count is 'Messages they received in Slack.';
comment on column insight.communication_analytics.touches_completed_count is 'Prepared messages they sent.';
grant select on insight.communication_analytics to robbieverse_app;
