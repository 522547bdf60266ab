-- What every deploy needs before the first module: the two roles, pgvector, and deploy's own ledger.
-- Safe to run again. Runs as the deployer; everything after it runs as robbieverse_owner.

do $$
begin
  -- Roles belong to the cluster: another database of it, or a deploy that runs right now, may have made them.
  begin
    create role robbieverse_owner nologin nosuperuser nobypassrls;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    create role robbieverse_app login nosuperuser nobypassrls;
  exception when duplicate_object or unique_violation then null;
  end;
  if exists (select from pg_roles where rolname in ('robbieverse_owner', 'robbieverse_app') and (rolsuper or rolbypassrls)) then
    raise exception 'the roles robbieverse_owner and robbieverse_app must be neither superuser nor bypassrls';
  end if;
  if current_setting('server_version_num')::int >= 160000 then
    execute format('grant robbieverse_owner, robbieverse_app to %I with set true', current_user);
  else
    execute format('grant robbieverse_owner, robbieverse_app to %I', current_user);
  end if;
exception when unique_violation or serialization_failure then
  -- Two deploys of one cluster granted at the same moment; the other one's grant serves both.
  null;
end
$$;

do $$
begin
  execute format('grant create, connect on database %I to robbieverse_owner', current_database());
  execute format('grant connect on database %I to robbieverse_app', current_database());
end
$$;

create extension if not exists vector;

create schema if not exists robbieverse authorization robbieverse_owner;
comment on schema robbieverse is 'Deploy''s own ledger: what was applied to this database, and what it then looked like.';

create table if not exists robbieverse.migrations (
  module text not null,
  number integer not null,
  slug text not null,
  hash text not null,
  state text not null,
  statements_done integer not null default 0,
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
comment on column robbieverse.migrations.started_at is 'When it began.';
comment on column robbieverse.migrations.applied_at is 'When it was complete; null while running.';

create table if not exists robbieverse.objects (
  module text not null,
  name text not null,
  hash text not null,
  applied_at timestamptz not null,
  constraint objects_pkey primary key (module, name)
);
comment on table robbieverse.objects is 'The re-appliable SQL (functions, views, policies, comments) as last applied.';
comment on column robbieverse.objects.module is 'Module it belongs to; deploy for what deploy itself brings.';
comment on column robbieverse.objects.name is 'File name, or protection for the policies that deploy writes for the module''s tables.';
comment on column robbieverse.objects.hash is 'SHA-256 of its SQL with line ends as LF, hexadecimal.';
comment on column robbieverse.objects.applied_at is 'When it was last applied.';

create table if not exists robbieverse.snapshot (
  id integer not null,
  model jsonb not null,
  taken_at timestamptz not null,
  constraint snapshot_pkey primary key (id),
  constraint snapshot_id_check check (id = 1)
);
comment on table robbieverse.snapshot is 'The structure right after the last deploy; verify compares the live one with it.';
comment on column robbieverse.snapshot.id is 'Always 1: there is one snapshot.';
comment on column robbieverse.snapshot.model is 'The catalogue as JSON (src/catalog/model.ts).';
comment on column robbieverse.snapshot.taken_at is 'When it was taken.';

alter table robbieverse.migrations owner to robbieverse_owner;
alter table robbieverse.objects owner to robbieverse_owner;
alter table robbieverse.snapshot owner to robbieverse_owner;

-- platform.status reads the ledger as the application role; it holds names and hashes, nothing of a town.
grant usage on schema robbieverse to robbieverse_app;
grant select on robbieverse.migrations, robbieverse.objects, robbieverse.snapshot to robbieverse_app;
