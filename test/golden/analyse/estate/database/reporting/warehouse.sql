-- Nightly copies for the charts. Its own schema, so that nothing of the live tables is touched.
create schema if not exists reporting;
set search_path to reporting, public;

create table if not exists activities (
    day date not null,
    town text not null,
    channel text not null,
    activities integer not null default 0,
    primary key (day, town, channel)
);

create table if not exists report_runs (
    id bigint generated always as identity primary key,
    report text not null,
    started_at timestamp not null default now(),
    finished_at timestamptz,
    rows_written bigint
);

-- From the CRM, when its history is switched on.
create or replace view stage_durations as
select h.stage, avg(h.left_at - h.entered_at) as time_in_stage
from deal_stage_history h
group by h.stage;

create or replace view busiest_towns as
select town, sum(activities) as activities from activities group by town;

reset search_path;
