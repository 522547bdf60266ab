-- What every deploy needs before the first module: the two roles, pgvector, and deploy's own ledger.
-- Safe to run again. It begins as the deployer and goes on, like every later step, as robbieverse_owner.

do $$
declare
  v_role text;
  -- The right to `set role`; before PostgreSQL 16 every member has it.
  v_right constant text := case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
begin
  -- Roles belong to the cluster: another database of it, a deploy that runs right now or an administrator may have made
  -- and granted them. What is there is not asked for again, because the right to do it may not be ours.
  foreach v_role in array array['robbieverse_owner', 'robbieverse_app'] loop
    if not exists (select from pg_roles where rolname = v_role) then
      begin
        execute format('create role %I %s nosuperuser nobypassrls', v_role,
          case v_role when 'robbieverse_app' then 'login' else 'nologin' end);
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception using errcode = 'insufficient_privilege', message = format(
            'the role %s is missing and %s may not create it; an administrator must run: create role %s %s; grant %s to %I%s',
            v_role, current_user, v_role, case v_role when 'robbieverse_app' then 'login' else 'nologin' end,
            v_role, current_user, case v_right when 'SET' then ' with set true' else '' end);
      end;
    end if;
    if not pg_has_role(current_user, v_role, v_right) then
      begin
        execute format('grant %I to %I%s', v_role, current_user,
          case v_right when 'SET' then ' with set true' else '' end);
      exception
        -- Two deploys of one cluster granted at the same moment; the other one's grant serves both.
        when unique_violation or serialization_failure then null;
        when insufficient_privilege then
          raise exception using errcode = 'insufficient_privilege', message = format(
            '%s may not act as the role %s; an administrator must run: grant %s to %I%s',
            current_user, v_role, v_role, current_user, case v_right when 'SET' then ' with set true' else '' end);
      end;
    end if;
  end loop;
  if exists (select from pg_roles where rolname in ('robbieverse_owner', 'robbieverse_app') and (rolsuper or rolbypassrls)) then
    raise exception 'the roles robbieverse_owner and robbieverse_app must be neither superuser nor bypassrls';
  end if;
end
$$;

do $$
begin
  if not has_database_privilege('robbieverse_owner', current_database(), 'create') then
    execute format('grant create, connect on database %I to robbieverse_owner', current_database());
  end if;
  -- Who owns neither the database nor this right is warned by `grant`, and not refused.
  if not has_database_privilege('robbieverse_owner', current_database(), 'create') then
    raise exception using errcode = 'insufficient_privilege', message = format(
      '%s may not let robbieverse_owner create schemas here; an administrator must run: grant create, connect on database %I to robbieverse_owner',
      current_user, current_database());
  end if;
  if not has_database_privilege('robbieverse_app', current_database(), 'connect') then
    execute format('grant connect on database %I to robbieverse_app', current_database());
  end if;
end
$$;

create extension if not exists vector;

set local role robbieverse_owner;

create schema if not exists robbieverse;
comment on schema robbieverse is 'Deploy''s own ledger: what was applied to this database, and what it then looked like.';

create table if not exists robbieverse.migrations (
  module text not null,
  number integer not null,
  slug text not null,
  hash text not null,
  state text not null,
  statements_done integer not null default 0,
  done_hash text not null default '',
  statement text,
  started_at timestamptz not null,
  applied_at timestamptz,
  constraint migrations_pkey primary key (module, number),
  constraint migrations_state_check check (state in ('running', 'applied', 'baseline'))
);
comment on table robbieverse.migrations is 'One row a migration file that was applied here, or is being applied.';
comment on column robbieverse.migrations.module is 'Module (and schema) whose migration it is.';
comment on column robbieverse.migrations.number is 'Number in the module''s gapless sequence, from 1.';
comment on column robbieverse.migrations.slug is 'Name in the file name.';
comment on column robbieverse.migrations.hash is 'SHA-256 of the file with line ends as LF, hexadecimal.';
comment on column robbieverse.migrations.state is 'running while a non-transactional file is half done, then applied; baseline when found already there.';
comment on column robbieverse.migrations.statements_done is 'Statements of a non-transactional file that are done; the next run resumes after them.';
comment on column robbieverse.migrations.done_hash is 'SHA-256 of those statements: they may not be edited any more, those after them may.';
comment on column robbieverse.migrations.statement is 'The statement of a non-transactional file that was begun and is not known to be done.';
comment on column robbieverse.migrations.started_at is 'When it began.';
comment on column robbieverse.migrations.applied_at is 'When it was complete; null while running.';

create table if not exists robbieverse.objects (
  module text not null,
  name text not null,
  hash text not null,
  earlier text[] not null default '{}',
  applied_at timestamptz not null,
  constraint objects_pkey primary key (module, name)
);
comment on table robbieverse.objects is 'The re-appliable SQL (functions, views, policies, comments) as last applied.';
comment on column robbieverse.objects.module is 'Module it belongs to; deploy for what deploy itself brings.';
comment on column robbieverse.objects.name is 'File name, or protection for the policies that deploy writes for the module''s tables.';
comment on column robbieverse.objects.hash is 'SHA-256 of its SQL with line ends as LF, hexadecimal.';
comment on column robbieverse.objects.earlier is 'Hashes of the texts applied before it: a version that still has one of them is older than this database.';
comment on column robbieverse.objects.applied_at is 'When it was last applied.';

create table if not exists robbieverse.made (
  identity text not null,
  file text,
  constraint made_pkey primary key (identity)
);
comment on table robbieverse.made is 'What the re-appliable SQL made here; what no file makes any more is dropped by the next deploy.';
comment on column robbieverse.made.identity is 'Kind and name as for drop, as in: view "memory"."recent".';
comment on column robbieverse.made.file is 'The file that makes it, as in memory/comments.sql; null when it makes it no more.';

create table if not exists robbieverse.snapshot (
  id integer not null,
  model jsonb,
  taken_at timestamptz,
  constraint snapshot_pkey primary key (id),
  constraint snapshot_id_check check (id = 1)
);
comment on table robbieverse.snapshot is 'The structure as deploy left it; verify compares the live one with it.';
comment on column robbieverse.snapshot.id is 'Always 1: there is one snapshot.';
comment on column robbieverse.snapshot.model is 'The catalogue as JSON (src/catalog/model.ts); null until the first deploy has come to its end.';
comment on column robbieverse.snapshot.taken_at is 'When it was taken.';
insert into robbieverse.snapshot (id) values (1) on conflict do nothing;

-- platform.status reads the ledger as the application role; it holds names and hashes, nothing of a town.
grant usage on schema robbieverse to robbieverse_app;
grant select on robbieverse.migrations, robbieverse.objects, robbieverse.made, robbieverse.snapshot to robbieverse_app;
