create table agenda.tasks (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  title text not null,
  description text,
  progress text not null default 'todo',
  priority integer not null default 5,
  due_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  status text not null generated always as (
    case when completed_at is not null then 'done' when cancelled_at is not null then 'cancelled' else progress end) stored,
  assigned_to uuid,
  estimated_minutes integer,
  parent_task_id uuid,
  related_kind text,
  related_id uuid,
  linked_mail_id uuid,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint tasks_pkey primary key (town_id, id),
  constraint tasks_external_id_key unique (town_id, external_id),
  constraint tasks_parent_task_id_fkey foreign key (town_id, parent_task_id)
    references agenda.tasks (town_id, id),
  constraint tasks_title_check check (length(title) between 1 and 500),
  constraint tasks_description_check check (length(description) between 1 and 20000),
  constraint tasks_progress_check check (progress in ('todo', 'in_progress', 'waiting')),
  constraint tasks_priority_check check (priority between 1 and 10),
  constraint tasks_status_check check (status in ('todo', 'in_progress', 'waiting', 'done', 'cancelled')),
  constraint tasks_estimated_minutes_check check (estimated_minutes between 0 and 1000000),
  constraint tasks_parent_check check (parent_task_id <> id),
  constraint tasks_related_kind_check check (length(related_kind) between 1 and 60),
  constraint tasks_related_check check (related_id is null or related_kind is not null),
  constraint tasks_tags_check check (cardinality(tags) <= 50),
  constraint tasks_external_id_check check (length(external_id) between 1 and 200),
  constraint tasks_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index tasks_created_at_idx on agenda.tasks (town_id, created_at desc, id desc);
create index tasks_due_at_idx on agenda.tasks (town_id, due_at, id);
create index tasks_priority_idx on agenda.tasks (town_id, priority desc, id desc);
create index tasks_status_idx on agenda.tasks (town_id, status);
create index tasks_assigned_to_idx on agenda.tasks (town_id, assigned_to);
create index tasks_parent_task_id_idx on agenda.tasks (town_id, parent_task_id);
create index tasks_related_id_idx on agenda.tasks (town_id, related_id);
