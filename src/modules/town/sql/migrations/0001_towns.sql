create table town.organizations (
  id uuid not null,
  slug text not null,
  name text not null,
  domain text,
  kind text,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  constraint organizations_pkey primary key (id),
  constraint organizations_slug_key unique (slug),
  constraint organizations_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint organizations_name_check check (length(name) between 1 and 200),
  constraint organizations_domain_check check (length(domain) between 1 and 253),
  constraint organizations_kind_check check (length(kind) between 1 and 100)
);

create table town.towns (
  id uuid not null,
  slug text not null,
  name text not null,
  description text,
  region text,
  metadata jsonb not null default '{}',
  governed_by uuid,
  created_at timestamptz not null,
  constraint towns_pkey primary key (id),
  constraint towns_slug_key unique (slug),
  constraint towns_governed_by_fkey foreign key (governed_by) references town.towns (id),
  constraint towns_governed_by_check check (governed_by <> id),
  constraint towns_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint towns_name_check check (length(name) between 1 and 200),
  constraint towns_description_check check (length(description) between 1 and 5000),
  constraint towns_region_check check (length(region) between 1 and 100)
);

create index towns_governed_by_idx on town.towns (governed_by);

create table town.organization_towns (
  organization_id uuid not null,
  town_id uuid not null,
  part text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  constraint organization_towns_pkey primary key (organization_id, town_id),
  constraint organization_towns_organization_id_fkey foreign key (organization_id) references town.organizations (id),
  constraint organization_towns_town_id_fkey foreign key (town_id) references town.towns (id),
  constraint organization_towns_part_check check (part in ('owner', 'participant'))
);
create index organization_towns_town_id_idx on town.organization_towns (town_id);
