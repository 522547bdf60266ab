create or replace view platform.api_connectivity_status with (security_invoker = true) as
  select distinct on (h.town_id, h.service, h.node_name)
    h.town_id, h.id, h.node_name, h.service, h.status, h.latency_ms as response_time_ms, h.error as last_error,
    h.checked_at as last_check, h.privacy
  from platform.service_health h
  order by h.town_id, h.service, h.node_name, h.checked_at desc, h.id desc;
comment on view platform.api_connectivity_status is 'The newest probe of each service from each node, of those the reader sees.';
comment on column platform.api_connectivity_status.town_id is 'The town.';
comment on column platform.api_connectivity_status.id is 'The probe, in service_health.';
comment on column platform.api_connectivity_status.node_name is 'Where the probe ran.';
comment on column platform.api_connectivity_status.service is 'What was probed.';
comment on column platform.api_connectivity_status.status is 'up, degraded, down or unknown.';
comment on column platform.api_connectivity_status.response_time_ms is 'How long the answer took, milliseconds.';
comment on column platform.api_connectivity_status.last_error is 'What went wrong then.';
comment on column platform.api_connectivity_status.last_check is 'When it was probed.';
comment on column platform.api_connectivity_status.privacy is 'Who may see the probe.';
grant select on platform.api_connectivity_status to robbieverse_app;
