-- 07: what towns let each other read.

create table if not exists shared_knowledge_base (
    id serial primary key,
    title varchar(500) not null,
    content text,
    category varchar(100),
    tags text[],
    source_town varchar(50) not null,
    created_by varchar(50) not null,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    is_public boolean default false,
    embedding vector(1536),
    metadata jsonb default '{}'
);

create index if not exists idx_shared_knowledge_base_source_town on shared_knowledge_base (source_town);
create index if not exists idx_shared_knowledge_base_embedding on shared_knowledge_base
    using ivfflat (embedding vector_cosine_ops) with (lists = 100);

create table if not exists shared_enriched_records (
    id serial primary key,
    record_type varchar(50) not null,
    external_id varchar(255) not null,
    enrichment_source varchar(100),
    enrichment_data jsonb not null,
    enrichment_date timestamp default current_timestamp,
    source_town varchar(50) not null,
    shared_with text[],
    is_public boolean default false,
    embedding vector(1536),
    metadata jsonb default '{}',
    unique (record_type, external_id, source_town)
);

create table if not exists shared_market_intelligence (
    id serial primary key,
    company_domain varchar(255),
    company_name varchar(255),
    intelligence_type varchar(100),
    intelligence_data jsonb not null,
    confidence_score integer,
    source_town varchar(50) not null,
    created_at timestamp default current_timestamp,
    is_public boolean default false,
    embedding vector(1536),
    metadata jsonb default '{}'
);

create index if not exists idx_shared_market_intelligence_company_domain on shared_market_intelligence (company_domain);

create or replace function get_shared_enriched_records(p_town varchar, p_type varchar default null)
returns setof shared_enriched_records as $$
    select r.* from shared_enriched_records r
    where (r.is_public or r.source_town = p_town or p_town = any (r.shared_with))
      and (p_type is null or r.record_type = p_type)
$$ language sql stable;

create or replace function share_enriched_data(p_type varchar, p_external_id varchar, p_town varchar, p_data jsonb)
returns integer as $$
declare
    v_id integer;
begin
    insert into shared_enriched_records (record_type, external_id, source_town, enrichment_data)
    values (p_type, p_external_id, p_town, p_data)
    on conflict (record_type, external_id, source_town)
    do update set enrichment_data = excluded.enrichment_data, enrichment_date = current_timestamp
    returning id into v_id;
    return v_id;
end;
$$ language plpgsql;

create or replace function add_shared_knowledge(p_title varchar, p_content text, p_town varchar, p_by varchar)
returns integer as $$
    insert into shared_knowledge_base (title, content, source_town, created_by)
    values (p_title, p_content, p_town, p_by)
    returning id;
$$ language sql;

create or replace view shared_knowledge_all as
select id, title, category, source_town, created_at from shared_knowledge_base where is_public;

create or replace view cross_town_shared_analytics as
select 'knowledge' as kind, source_town, count(*) as shared from shared_knowledge_base group by source_town
union all
select 'enriched', source_town, count(*) from shared_enriched_records group by source_town
union all
select 'market', source_town, count(*) from shared_market_intelligence group by source_town;
