create table search.search_index (
  town_id uuid not null,
  id uuid not null,
  kind text not null,
  source_id uuid not null,
  parent_id uuid,
  personality_id uuid,
  person text,
  title text,
  content text not null,
  terms tsvector not null,
  importance integer not null,
  at timestamptz not null,
  starts_at timestamptz,
  ends_at timestamptz,
  privacy text not null,
  created_by uuid not null,
  constraint search_index_pkey primary key (town_id, id),
  constraint search_index_source_key unique (town_id, source_id, kind),
  constraint search_index_importance_check check (importance between 1 and 10),
  constraint search_index_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index search_index_terms_idx on search.search_index using gin (terms);
create index search_index_at_idx on search.search_index (town_id, kind, at desc);
-- Messages have importance 5 and stay out of it.
create index search_index_importance_idx on search.search_index (town_id, kind, importance desc, at desc)
  where importance > 5;
