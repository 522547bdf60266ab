create or replace view simulation.active_simulations with (security_invoker = true) as
  select s.town_id, s.id, s.name, s.kind, s.deal_id, s.owner_id, e.id as execution_id, e.status, e.progress, e.started_at,
    s.estimated_completion_at, s.privacy
  from simulation.testpilot_simulations s
  join simulation.simulation_executions e on e.town_id = s.town_id and e.simulation_id = s.id
  where s.is_active and e.status in ('queued', 'running');
comment on view simulation.active_simulations is 'Simulations that wait or run, with how far they are.';
comment on column simulation.active_simulations.town_id is 'The town.';
comment on column simulation.active_simulations.id is 'The simulation.';
comment on column simulation.active_simulations.name is 'Its name.';
comment on column simulation.active_simulations.kind is 'What is simulated.';
comment on column simulation.active_simulations.deal_id is 'Deal that it is about.';
comment on column simulation.active_simulations.owner_id is 'Person whose question it is.';
comment on column simulation.active_simulations.execution_id is 'The run.';
comment on column simulation.active_simulations.status is 'queued or running.';
comment on column simulation.active_simulations.progress is 'Part that is done, 0-1.';
comment on column simulation.active_simulations.started_at is 'When it began to run.';
comment on column simulation.active_simulations.estimated_completion_at is 'When an answer is expected.';
comment on column simulation.active_simulations.privacy is 'Who may see the simulation.';
grant select on simulation.active_simulations to robbieverse_app;

create or replace view simulation.simulation_analytics with (security_invoker = true) as
  select s.town_id, s.kind, count(distinct s.id) as simulation_count, count(e.id) as execution_count,
    count(e.id) filter (where e.status = 'completed') as completed_count,
    count(e.id) filter (where e.status = 'failed') as failed_count, avg(e.confidence) as average_confidence,
    avg(extract(epoch from e.completed_at - e.started_at)) filter (where e.status = 'completed')::double precision
      as average_seconds
  from simulation.testpilot_simulations s
  left join simulation.simulation_executions e on e.town_id = s.town_id and e.simulation_id = s.id
  group by s.town_id, s.kind;
comment on view simulation.simulation_analytics is 'How the simulations of each kind went, of those the reader sees.';
comment on column simulation.simulation_analytics.town_id is 'The town.';
comment on column simulation.simulation_analytics.kind is 'What is simulated.';
comment on column simulation.simulation_analytics.simulation_count is 'How many simulations.';
comment on column simulation.simulation_analytics.execution_count is 'How many runs of them.';
comment on column simulation.simulation_analytics.completed_count is 'How many runs were completed.';
comment on column simulation.simulation_analytics.failed_count is 'How many runs failed.';
comment on column simulation.simulation_analytics.average_confidence is 'How sure the results were on average, 0-1.';
comment on column simulation.simulation_analytics.average_seconds is 'How long a completed run took on average, seconds.';
grant select on simulation.simulation_analytics to robbieverse_app;
