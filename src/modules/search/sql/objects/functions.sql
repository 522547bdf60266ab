-- plpgsql with the settings in variables: language sql functions with parameters cannot be planned on Citus.

create or replace function search.put(p_entries jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_user_id uuid := current_setting('app.user_id')::uuid;
begin
  insert into search.search_index as i (
    town_id, id, kind, source_id, parent_id, personality_id, person, title, content, terms, importance, at, privacy, created_by
  )
  select v_town_id, e."id", e."kind", e."sourceId", e."parentId", e."personalityId", e."person", e."title", e."content",
    setweight(to_tsvector('english', coalesce(e."title", '')), 'A') ||
      setweight(to_tsvector('simple', coalesce(e."person", '')), 'C') ||
      -- A tsvector holds at most 1 MB; the first 200,000 characters of a longer text are indexed.
      to_tsvector('english', left(e."content", 200000)),
    e."importance", e."at", e."privacy", v_user_id
  from jsonb_to_recordset(p_entries) as e (
    "id" uuid, "kind" text, "sourceId" uuid, "parentId" uuid, "personalityId" uuid, "person" text, "title" text,
    "content" text, "importance" integer, "at" timestamptz, "privacy" text
  )
  on conflict (town_id, kind, source_id) do update set
    parent_id = excluded.parent_id, personality_id = excluded.personality_id, person = excluded.person,
    title = excluded.title, content = excluded.content, terms = excluded.terms, importance = excluded.importance,
    at = excluded.at, privacy = excluded.privacy
  where i.created_by = v_user_id or i.privacy in ('public', 'team')
    or (i.privacy = 'boss_only' and current_setting('app.clearance', true) = 'boss');
end
$$;
comment on function search.put(jsonb) is
  'Indexes or re-indexes rows of the current town: an array of {id, kind, sourceId, parentId, personalityId, person, title, content, importance, at, privacy}.';

create or replace function search.remove(p_source_ids uuid[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
begin
  delete from search.search_index i where i.town_id = v_town_id and i.source_id = any (p_source_ids);
end
$$;
comment on function search.remove(uuid[]) is 'Takes the rows of these sources out of the index of the current town.';

create or replace function search.find(
  p_query text, p_kinds text[], p_personality_id uuid, p_limit integer, p_now timestamptz
)
returns table (
  kind text, source_id uuid, parent_id uuid, personality_id uuid, person text, title text, content text, importance integer,
  at timestamptz, score real, keyword_score real, recency_score real, importance_score real, matched text[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_clearance text := coalesce(current_setting('app.clearance', true), '');
  v_words text[];
  v_query tsquery;
begin
  -- The terms of a question are OR-ed: AND finds a tenth of what OR finds (retrieval is measured in bench/).
  v_words := tsvector_to_array(to_tsvector('english', p_query));
  if v_town_id is null or cardinality(v_words) = 0 then
    return;
  end if;
  select string_agg(quote_literal(word), ' | ')::tsquery into v_query from unnest(v_words) word;
  return query
    select f.kind, f.source_id, f.parent_id, f.personality_id, f.person, f.title, f.content, f.importance, f.at,
      f.score, f.keyword, f.recency, f.weight,
      array(select word from unnest(v_words) word where f.terms @@ quote_literal(word)::tsquery)
    from (
      select r.*, (r.keyword * (0.8 + 0.1 * r.recency + 0.1 * r.weight))::real as score
      from (
        select i.*,
          ts_rank_cd(i.terms, v_query, 1) as keyword,
          -- Halves every 30 days: among equal matches the newer one is likelier to be meant.
          power(0.5, greatest(extract(epoch from p_now - i.at), 0) / 2592000.0)::real as recency,
          (i.importance / 10.0)::real as weight
        from search.search_index i
        where i.terms @@ v_query
          and i.town_id = v_town_id
          and case i.privacy
            when 'public' then true
            when 'team' then v_clearance in ('member', 'boss')
            when 'private' then i.created_by = v_user_id
            when 'boss_only' then v_clearance = 'boss'
            else false
          end
          and (p_kinds is null or i.kind = any (p_kinds))
          and (p_personality_id is null or i.personality_id is null or i.personality_id = p_personality_id)
      ) r
      order by score desc, r.at desc, r.id
      limit p_limit
    ) f
    order by f.score desc, f.at desc, f.id;
end
$$;
comment on function search.find(text, text[], uuid, integer, timestamptz) is
  'What of the current town matches any word of the query and may be seen by the actor, best first, with the parts of the score and the stems that matched.';

revoke all on function search.put(jsonb) from public;
revoke all on function search.remove(uuid[]) from public;
revoke all on function search.find(text, text[], uuid, integer, timestamptz) from public;
grant execute on function search.put(jsonb) to robbieverse_app;
grant execute on function search.remove(uuid[]) to robbieverse_app;
grant execute on function search.find(text, text[], uuid, integer, timestamptz) to robbieverse_app;
