-- What the product copied of a memory stands in private rows too, which nobody but their owners sees: both functions go
-- through everybody of the town in one call, with the rights of each, and leave the transaction as they found it.

create or replace function memory.lock_quotes(p_model text, p_quotes text[], p_is_shared boolean)
returns table (id uuid, owner_id uuid, content text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_actor_id uuid := current_setting('app.user_id')::uuid;
  v_clearance text := current_setting('app.clearance');
  v_user_id uuid;
begin
  for v_user_id in
    select v_actor_id
    union all
    select e from identity.list_everybody() e where p_is_shared and e <> v_actor_id
  loop
    perform set_config('app.user_id', v_user_id::text, true),
      set_config('app.clearance', case when p_is_shared then 'boss' else v_clearance end, true);
    -- What all see is the actor's to find; of others only what they alone see is left, and an index leads there.
    return query
      select m.id, v_user_id, m.content from conversation.messages m
      where m.town_id = v_town_id and m.role = 'assistant' and m.model = p_model
        and (v_user_id = v_actor_id or m.created_by = v_user_id and m.privacy = 'private')
        and exists (select from unnest(p_quotes) q where strpos(m.content, q) > 0)
      for update;
  end loop;
  perform set_config('app.user_id', v_actor_id::text, true), set_config('app.clearance', v_clearance, true);
end
$$;
comment on function memory.lock_quotes(text, text[], boolean) is
  'Replies of a model that hold any of the quotes, locked, with whom they are to be changed as; of everybody in the town where the memory was shared, else of the actor.';

create or replace function memory.erase_copies(p_memory_id uuid, p_replies jsonb, p_texts text[], p_is_shared boolean)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_actor_id uuid := current_setting('app.user_id')::uuid;
  v_clearance text := current_setting('app.clearance');
  v_now timestamptz := town.acting_time();
  v_texts text[] := array(select lower(regexp_replace(btrim(t), '\s+', ' ', 'g')) from unnest(p_texts) t);
  v_user_id uuid;
  v_searches uuid[];
  v_count integer := 0;
begin
  for v_user_id in
    select v_actor_id
    union all
    select e from identity.list_everybody() e where p_is_shared and e <> v_actor_id
  loop
    perform set_config('app.user_id', v_user_id::text, true),
      set_config('app.clearance', case when p_is_shared then 'boss' else v_clearance end, true);
    update conversation.messages m set content = r.content, token_count = r.tokens
    from jsonb_to_recordset(p_replies) as r (id uuid, owner uuid, content text, tokens integer)
    where m.town_id = v_town_id and m.id = r.id and r.owner = v_user_id;
    with repeating as (
      select h.id, lower(regexp_replace(btrim(h.query), '\s+', ' ', 'g')) as query
      from search.search_history h
      where h.town_id = v_town_id
        and (v_user_id = v_actor_id or h.created_by = v_user_id and h.privacy = 'private')
    ), redacted as (
      update search.search_history h set query = '[forgotten]', version = h.version + 1, updated_at = v_now
      from repeating r
      where h.town_id = v_town_id and h.id = r.id and exists (
        select from unnest(v_texts) t
        -- One or two words are the person's own; three in a row that stand in the text repeat it.
        where strpos(r.query, t) > 0 or r.query like '% % %' and strpos(t, r.query) > 0
      )
      returning h.id
    )
    select coalesce(array_agg(r.id), '{}') into v_searches from redacted r;
    perform journal.erase(array_append(v_searches, p_memory_id));
    v_count := v_count + cardinality(v_searches);
  end loop;
  perform set_config('app.user_id', v_actor_id::text, true), set_config('app.clearance', v_clearance, true);
  return v_count;
end
$$;
comment on function memory.erase_copies(uuid, jsonb, text[], boolean) is
  'Takes a memory out of all that copied it: puts the new texts into replies (id, owner, content, tokens), redacts past searches that repeat one of its texts, and erases what the journal holds of it and of them. Answers how many searches that were.';

revoke all on function memory.lock_quotes(text, text[], boolean) from public;
revoke all on function memory.erase_copies(uuid, jsonb, text[], boolean) from public;
grant execute on function memory.lock_quotes(text, text[], boolean) to robbieverse_app;
grant execute on function memory.erase_copies(uuid, jsonb, text[], boolean) to robbieverse_app;
