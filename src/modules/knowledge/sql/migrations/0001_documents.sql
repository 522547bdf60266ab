create table knowledge.collections (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null,
  description text,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint collections_pkey primary key (town_id, id),
  constraint collections_external_id_key unique (town_id, external_id),
  constraint collections_external_id_check check (length(external_id) between 1 and 200),
  constraint collections_name_check check (length(name) between 1 and 255),
  constraint collections_description_check check (length(description) between 1 and 5000),
  constraint collections_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index collections_created_at_idx on knowledge.collections (town_id, created_at desc, id desc);
create index collections_name_idx on knowledge.collections (town_id, name, id);

create table knowledge.documents (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  collection_id uuid,
  title text not null,
  source text,
  mime_type text,
  file_hash text,
  size_bytes bigint,
  status text not null default 'pending',
  error text,
  language text,
  word_count integer,
  page_count integer,
  processed_at timestamptz,
  metadata jsonb not null default '{}',
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint documents_pkey primary key (town_id, id),
  constraint documents_external_id_key unique (town_id, external_id),
  constraint documents_file_hash_key unique (town_id, file_hash),
  constraint documents_collection_id_fkey foreign key (town_id, collection_id)
    references knowledge.collections (town_id, id),
  constraint documents_external_id_check check (length(external_id) between 1 and 200),
  constraint documents_title_check check (length(title) between 1 and 500),
  constraint documents_source_check check (length(source) between 1 and 2000),
  constraint documents_mime_type_check check (length(mime_type) between 1 and 200),
  constraint documents_file_hash_check check (length(file_hash) between 64 and 64),
  constraint documents_size_bytes_check check (size_bytes >= 0),
  constraint documents_status_check check (status in ('pending', 'processing', 'ready', 'failed')),
  constraint documents_error_check check (length(error) between 1 and 2000),
  constraint documents_language_check check (length(language) between 1 and 20),
  constraint documents_word_count_check check (word_count >= 0),
  constraint documents_page_count_check check (page_count >= 0),
  constraint documents_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index documents_created_at_idx on knowledge.documents (town_id, created_at desc, id desc);
create index documents_title_idx on knowledge.documents (town_id, title, id);
create index documents_collection_id_idx on knowledge.documents (town_id, collection_id);
create index documents_status_idx on knowledge.documents (town_id, status);
create index documents_mime_type_idx on knowledge.documents (town_id, mime_type);

create table knowledge.chunks (
  town_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  ordinal integer not null,
  content text not null,
  heading text,
  page integer,
  start_offset integer,
  end_offset integer,
  token_count integer,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint chunks_pkey primary key (town_id, id),
  constraint chunks_document_id_fkey foreign key (town_id, document_id)
    references knowledge.documents (town_id, id) on delete cascade,
  constraint chunks_document_id_ordinal_key unique (town_id, document_id, ordinal),
  constraint chunks_ordinal_check check (ordinal >= 0),
  constraint chunks_content_check check (length(content) between 1 and 20000),
  constraint chunks_heading_check check (length(heading) between 1 and 500),
  constraint chunks_page_check check (page >= 1),
  constraint chunks_start_offset_check check (start_offset >= 0),
  constraint chunks_end_offset_check check (end_offset >= 0),
  constraint chunks_token_count_check check (token_count >= 0),
  constraint chunks_offsets_check check (start_offset is null or end_offset is null or start_offset <= end_offset),
  constraint chunks_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index chunks_created_at_idx on knowledge.chunks (town_id, created_at desc, id desc);
create index chunks_ordinal_idx on knowledge.chunks (town_id, ordinal, id);

create table knowledge.collection_items (
  town_id uuid not null,
  id uuid not null,
  collection_id uuid not null,
  chunk_id uuid not null,
  notes text,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint collection_items_pkey primary key (town_id, id),
  constraint collection_items_collection_id_fkey foreign key (town_id, collection_id)
    references knowledge.collections (town_id, id) on delete cascade,
  constraint collection_items_chunk_id_fkey foreign key (town_id, chunk_id)
    references knowledge.chunks (town_id, id),
  constraint collection_items_collection_id_chunk_id_key unique (town_id, collection_id, chunk_id),
  constraint collection_items_notes_check check (length(notes) between 1 and 5000),
  constraint collection_items_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index collection_items_created_at_idx on knowledge.collection_items (town_id, created_at desc, id desc);
create index collection_items_chunk_id_idx on knowledge.collection_items (town_id, chunk_id);

create table knowledge.knowledge_base (
  town_id uuid not null,
  id uuid not null,
  external_id text,
  topic text not null,
  title text not null,
  content text not null,
  summary text,
  category text,
  tags text[] not null default '{}',
  importance integer not null default 5,
  confidence double precision not null default 0.8,
  is_public boolean not null default false,
  prerequisites text[] not null default '{}',
  related_topics text[] not null default '{}',
  source_references text[] not null default '{}',
  source_kind text,
  source_id uuid,
  expires_at timestamptz,
  verified_by uuid,
  verified_at timestamptz,
  access_count integer not null default 0,
  helpful_count integer not null default 0,
  last_accessed_at timestamptz,
  version integer not null default 1,
  privacy text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint knowledge_base_pkey primary key (town_id, id),
  constraint knowledge_base_external_id_key unique (town_id, external_id),
  constraint knowledge_base_external_id_check check (length(external_id) between 1 and 200),
  constraint knowledge_base_topic_check check (length(topic) between 1 and 255),
  constraint knowledge_base_title_check check (length(title) between 1 and 500),
  constraint knowledge_base_content_check check (length(content) between 1 and 100000),
  constraint knowledge_base_summary_check check (length(summary) between 1 and 5000),
  constraint knowledge_base_category_check check (length(category) between 1 and 100),
  constraint knowledge_base_tags_check check (cardinality(tags) <= 50),
  constraint knowledge_base_importance_check check (importance between 1 and 10),
  constraint knowledge_base_confidence_check check (confidence between 0 and 1),
  constraint knowledge_base_prerequisites_check check (cardinality(prerequisites) <= 50),
  constraint knowledge_base_related_topics_check check (cardinality(related_topics) <= 50),
  constraint knowledge_base_source_references_check check (cardinality(source_references) <= 50),
  constraint knowledge_base_source_kind_check check (length(source_kind) between 1 and 60),
  constraint knowledge_base_access_count_check check (access_count >= 0),
  constraint knowledge_base_helpful_count_check check (helpful_count >= 0),
  constraint knowledge_base_verified_check check ((verified_by is null) = (verified_at is null)),
  constraint knowledge_base_source_check check (source_kind is not null or source_id is null),
  constraint knowledge_base_privacy_check check (privacy in ('public', 'team', 'private', 'boss_only'))
);
create index knowledge_base_created_at_idx on knowledge.knowledge_base (town_id, created_at desc, id desc);
create index knowledge_base_importance_idx on knowledge.knowledge_base (town_id, importance desc, id desc);
create index knowledge_base_topic_idx on knowledge.knowledge_base (town_id, topic, id);
create index knowledge_base_category_idx on knowledge.knowledge_base (town_id, category);
create index knowledge_base_is_public_idx on knowledge.knowledge_base (town_id, is_public);
create index knowledge_base_source_id_idx on knowledge.knowledge_base (town_id, source_id);
create index knowledge_base_verified_by_idx on knowledge.knowledge_base (town_id, verified_by);
