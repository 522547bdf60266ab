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
    town_id, id, kind, source_id, parent_id, personality_id, person, title, content, terms, importance, at, starts_at,
    ends_at, privacy, created_by
  )
  select v_town_id, e."id", e."kind", e."sourceId", e."parentId", e."personalityId", e."person", e."title", e."content",
    setweight(to_tsvector('english', coalesce(e."title", '')), 'A') ||
      setweight(to_tsvector('simple', coalesce(e."person", '')), 'C') ||
      -- A tsvector holds at most 1 MB, and compounds are indexed whole and in their parts, at up to 8 bytes a character
      -- of the text: of a longer text the first 100,000 characters are indexed.
      to_tsvector('english', left(e."content", 100000)),
    e."importance", e."at", e."startsAt", e."endsAt", e."privacy", v_user_id
  from jsonb_to_recordset(p_entries) as e (
    "id" uuid, "kind" text, "sourceId" uuid, "parentId" uuid, "personalityId" uuid, "person" text, "title" text,
    "content" text, "importance" integer, "at" timestamptz, "startsAt" timestamptz, "endsAt" timestamptz,
    "privacy" text
  )
  on conflict (town_id, source_id, kind) do update set
    parent_id = excluded.parent_id, personality_id = excluded.personality_id, person = excluded.person,
    title = excluded.title, content = excluded.content, terms = excluded.terms, importance = excluded.importance,
    at = excluded.at, starts_at = excluded.starts_at, ends_at = excluded.ends_at, privacy = excluded.privacy
  where i.created_by = v_user_id or i.privacy in ('public', 'team')
    or (i.privacy = 'boss_only' and current_setting('app.clearance', true) = 'boss');
end
$$;
comment on function search.put(jsonb) is
  'Indexes or re-indexes rows of the current town: an array of {id, kind, sourceId, parentId, personalityId, person, title, content, importance, at, startsAt, endsAt, privacy}.';

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

create or replace function search.reclassify(p_source_ids uuid[], p_privacy text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_user_id uuid := current_setting('app.user_id')::uuid;
begin
  update search.search_index i
  set privacy = p_privacy, created_by = case p_privacy when 'private' then v_user_id else i.created_by end
  where i.town_id = v_town_id and i.source_id = any (p_source_ids)
    and (i.privacy <> 'private' or i.created_by = v_user_id);
end
$$;
comment on function search.reclassify(uuid[], text) is
  'Makes the entries of these sources of the current town as private as they have become; what is private becomes the caller''s.';

create or replace function search.lock_present(p_source_ids uuid[])
returns setof uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_user_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  return query
    select i.source_id from search.search_index i
    where i.town_id = v_town_id and i.source_id = any (p_source_ids)
      and (i.privacy <> 'private' or i.created_by = v_user_id)
    -- An entry that is being removed counts as gone: to wait for that, with a kept answer locked that the remover waits
    -- for, would be a deadlock.
    for key share skip locked;
end
$$;
comment on function search.lock_present(uuid[]) is
  'Which of these sources, which the actor has found before, still stand in the index; they stay until the transaction ends.';

create or replace function search.find(
  p_query text, p_kinds text[], p_personality_ids uuid[], p_audience text, p_characters integer, p_limit integer,
  p_now timestamptz
)
returns table (
  kind text, source_id uuid, parent_id uuid, personality_id uuid, person text, title text, content text, is_cut boolean,
  importance integer, at timestamptz, score real, keyword_score real, recency_score real, importance_score real,
  matched text[]
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
  -- The privacy levels that the actor sees whoever made the row, as far as the audience sees them too.
  v_open text[] := case
    when p_audience in ('private', 'boss_only') and v_clearance = 'boss' then array['public', 'team', 'boss_only']
    when p_audience in ('private', 'boss_only', 'team') and v_clearance in ('member', 'boss') then array['public', 'team']
    else array['public']
  end;
  -- Private rows are their maker's, and nobody else may be listening.
  v_is_alone boolean := p_audience = 'private';
  v_words text[];
  v_queries tsquery[];
  v_weights real[];
  v_rare tsquery;
  v_common tsquery;
  v_pair tsquery;
  v_any tsquery;
  -- A word in more rows than this says little by itself. Ranking every row that has any word of the question took 1.0 s
  -- of 100,000 rows; so the candidates are all rows with a rarer word, and of each kind those with the two rarest of the
  -- common words together, and those of the newest and of the weightiest rows that have any common one. Of each kind:
  -- a few memories would otherwise be lost behind thousands of newer messages.
  c_common constant integer := 1000;
  v_candidates integer := 1000 / greatest(cardinality(p_kinds), 1);
  v_looked_at integer := 5000 / greatest(cardinality(p_kinds), 1);
begin
  if v_town_id is null then
    return;
  end if;
  -- The terms of a question are OR-ed with weights: AND finds a tenth of what OR finds. How common a word is, is counted
  -- over what the actor may find: a weight that moved with other people's rows would tell what stands in them.
  select array_agg(w.word order by w.n), array_agg(quote_literal(w.word)::tsquery order by w.n),
    array_agg(ln(1 + 1000.0 * c_common / (w.n + 1))::real order by w.n),
    string_agg(quote_literal(w.word), ' | ') filter (where w.n < c_common)::tsquery,
    string_agg(quote_literal(w.word), ' | ') filter (where w.n >= c_common)::tsquery
  into v_words, v_queries, v_weights, v_rare, v_common
  from (
    select word, (
      select count(*) from (
        select from search.search_index i
        where i.terms @@ quote_literal(word)::tsquery and i.town_id = v_town_id
          and (i.privacy = any (v_open) or (v_is_alone and i.privacy = 'private' and i.created_by = v_user_id))
          and i.kind = any (p_kinds)
          and (p_personality_ids is null or i.personality_id is null or i.personality_id = any (p_personality_ids))
          and (i.starts_at is null or i.starts_at <= p_now) and (i.ends_at is null or i.ends_at > p_now)
        limit c_common
      ) bounded
    ) as n
    from unnest(tsvector_to_array(to_tsvector('english', p_query))) word
    -- Without this fence the count would run again for each aggregate above.
    offset 0
  ) w
  where w.n > 0;
  if v_words is null then
    return;
  end if;
  v_any := coalesce(v_rare || v_common, v_rare, v_common);
  select q.pair[1] && q.pair[2] into v_pair
  from (
    select array_agg(c.query order by c.place) as pair
    from unnest(v_queries) with ordinality as c (query, place)
    where v_common is not null and c.query::text = any (string_to_array(v_common::text, ' | '))
  ) q;
  return query
    -- Before any limit: rows that are not the actor's to see must not crowd out those that are.
    with within_reach as not materialized (
      select i.* from search.search_index i
      where i.town_id = v_town_id
        and (i.privacy = any (v_open) or (v_is_alone and i.privacy = 'private' and i.created_by = v_user_id))
        and i.kind = any (p_kinds)
        and (p_personality_ids is null or i.personality_id is null or i.personality_id = any (p_personality_ids))
        and (i.starts_at is null or i.starts_at <= p_now) and (i.ends_at is null or i.ends_at > p_now)
    ),
    candidates as (
      select i.id from within_reach i where i.terms @@ v_rare
      union
      select paired.id
      from unnest(p_kinds) k (kind)
      cross join lateral (
        select i.id from within_reach i where i.kind = k.kind and i.terms @@ v_pair limit v_candidates
      ) paired
      union
      select newest.id
      from unnest(p_kinds) k (kind)
      cross join lateral (
        select n.id
        from (
          select i.id, i.at, i.terms from within_reach i
          where v_common is not null and i.kind = k.kind
          order by i.at desc
          limit v_looked_at
        ) n
        where n.terms @@ v_common
        order by n.at desc
        limit v_candidates
      ) newest
      union
      select weightiest.id
      from unnest(p_kinds) k (kind)
      cross join lateral (
        select n.id
        from (
          select i.id, i.importance, i.at, i.terms from within_reach i
          where v_common is not null and i.kind = k.kind and i.importance > 5
          order by i.importance desc, i.at desc
          limit v_looked_at
        ) n
        where n.terms @@ v_common
        order by n.importance desc, n.at desc
        limit v_candidates
      ) weightiest
    ),
    rated as (
      select i.*,
        -- Share of the question's weight that the row has, a little more where its words stand close together.
        ((select sum(u.weight) from unnest(v_queries, v_weights) as u (query, weight) where i.terms @@ u.query)
          / (select sum(weight) from unnest(v_weights) weight)
          * (0.8 + 0.2 * ts_rank_cd(i.terms, v_any, 32)))::real as keyword,
        -- Half after 30 days, a tenth after nine months: among equal matches the newer one is likelier to be meant.
        (1 / (1 + greatest(date_part('epoch', p_now - i.at), 0) / 2592000))::real as recency,
        (i.importance / 10.0)::real as weight
      from candidates c join search.search_index i on i.town_id = v_town_id and i.id = c.id
    ),
    best as (
      select v.*, (v.keyword * (0.8 + 0.1 * v.recency + 0.1 * v.weight))::real as total
      from rated v
      order by total desc, v.at desc, v.id
      limit p_limit
    )
    select f.kind, f.source_id, f.parent_id, f.personality_id, f.person, f.title, left(f.content, p_characters),
      length(f.content) > p_characters, f.importance, f.at, f.total, f.keyword, f.recency, f.weight,
      array(select u.word from unnest(v_words, v_queries) as u (word, query) where f.terms @@ u.query)
    from best f
    order by f.total desc, f.at desc, f.id;
end
$$;
comment on function search.find(text, text[], uuid[], text, integer, integer, timestamptz) is
  'What of the current town matches any word of the query and may be seen by the actor and by the audience (a privacy level; private is the actor alone), best first, texts cut to p_characters, with the parts of the score and the stems that matched.';

revoke all on function search.put(jsonb) from public;
revoke all on function search.remove(uuid[]) from public;
revoke all on function search.reclassify(uuid[], text) from public;
revoke all on function search.lock_present(uuid[]) from public;
revoke all on function search.find(text, text[], uuid[], text, integer, integer, timestamptz) from public;
grant execute on function search.put(jsonb) to robbieverse_app;
grant execute on function search.remove(uuid[]) to robbieverse_app;
grant execute on function search.reclassify(uuid[], text) to robbieverse_app;
grant execute on function search.lock_present(uuid[]) to robbieverse_app;
grant execute on function search.find(text, text[], uuid[], text, integer, integer, timestamptz) to robbieverse_app;
