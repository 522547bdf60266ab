-- Every write goes through journal.record: it takes the town's next numbers under the lock of the head row, which makes
-- the sequences gapless and the order of numbers the order of commits. It runs as the owner, so that requests can
-- append but never change what stands; the town and the person come from the settings, not from the caller.

create or replace function journal.record(
  p_id uuid,
  p_at timestamptz,
  p_operation text,
  p_kind text,
  p_entity_kind text,
  p_entity_id uuid,
  p_privacy text,
  p_payload jsonb,
  p_before jsonb,
  p_after jsonb,
  p_about jsonb
)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_user_id uuid := current_setting('app.user_id')::uuid;
  v_key_id uuid := nullif(current_setting('app.key_id', true), '')::uuid;
  v_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  v_digest bytea :=
    sha256(v_salt || convert_to(coalesce(p_before::text, '') || chr(31) || coalesce(p_after::text, ''), 'UTF8'));
  v_event_seq bigint;
begin
  loop
    -- Number and event in one statement: each more costs a message of a conversation a twentieth of its time.
    with head as (
      update journal.heads h set
        event_seq = h.event_seq + 1,
        audit_seq = h.audit_seq + 1,
        audit_hash = journal.audit_hash(
          h.audit_hash, h.audit_seq + 1, p_at, v_user_id, p_operation, p_entity_id, v_digest
        )
      where h.town_id = v_town_id
      returning h.event_seq
    )
    insert into journal.events (
      town_id, id, seq, kind, operation, user_id, key_id, interface, personality_id, entity_kind, entity_id, payload,
      request_id, privacy, created_by, at
    )
    select v_town_id, p_id, head.event_seq, p_kind, p_operation, v_user_id, v_key_id, p_about ->> 'interface',
      (p_about ->> 'personalityId')::uuid, p_entity_kind, p_entity_id, p_payload, p_about ->> 'requestId', p_privacy,
      v_user_id, p_at
    from head
    returning seq into v_event_seq;
    exit when found;
    insert into journal.heads (town_id, event_seq, audit_seq, audit_hash) values (v_town_id, 0, 0, '\x')
    on conflict (town_id) do nothing;
  end loop;

  -- The head is ours until the transaction ends.
  insert into journal.audit_log (
    town_id, id, seq, at, user_id, key_id, operation, entity_kind, entity_id, request_id, before, after, salt, digest,
    hash, privacy, created_by
  )
  select v_town_id, p_id, h.audit_seq, p_at, v_user_id, v_key_id, p_operation, p_entity_kind, p_entity_id,
    p_about ->> 'requestId', p_before, p_after, v_salt, v_digest, h.audit_hash, p_privacy, v_user_id
  from journal.heads h
  where h.town_id = v_town_id;
  perform pg_notify('robbieverse_events', v_town_id::text || ':' || v_event_seq::text);
  return v_event_seq;
end
$$;
comment on function journal.record(uuid, timestamptz, text, text, text, uuid, text, jsonb, jsonb, jsonb, jsonb) is
  'Appends one event and one audit row as the acting person and returns the event''s sequence. p_about: requestId, interface, personalityId.';

create or replace function journal.audit_hash(
  p_previous bytea, p_seq bigint, p_at timestamptz, p_user_id uuid, p_operation text, p_entity_id uuid, p_digest bytea
)
returns bytea
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  -- The instant is hashed as microseconds since 1970: its text depends on the session's zone and style.
  return sha256(p_previous || p_digest || convert_to(concat_ws(chr(31),
    p_seq, (extract(epoch from p_at) * 1000000)::bigint, p_user_id, p_operation, p_entity_id), 'UTF8'));
end
$$;
comment on function journal.audit_hash(bytea, bigint, timestamptz, uuid, text, uuid, bytea) is
  'The hash of one audit row: previous hash, digest of the values, and the row''s facts.';

create or replace function journal.erase(p_entity_ids uuid[])
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_id text;
begin
  update journal.audit_log a set before = null, after = null, salt = null
  where a.town_id = v_town_id and a.entity_id = any (p_entity_ids);
  update journal.events e set payload = '{}'
  where e.town_id = v_town_id and e.entity_id = any (p_entity_ids);
  foreach v_id in array p_entity_ids::text[] loop
    -- The row stays: without it a repeated request would be carried out again.
    update journal.idempotency_keys i set state = 'erased', prepared = null, reply = null
    where i.town_id = v_town_id and (strpos(i.reply::text, v_id) > 0 or strpos(i.prepared::text, v_id) > 0);
  end loop;
end
$$;
comment on function journal.erase(uuid[]) is
  'Forgets what the journal holds of these things: audit values and salts, event payloads, kept replies that name them. The chain still verifies.';

create or replace function journal.reclassify(p_entity_ids uuid[], p_privacy text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := current_setting('app.town_id')::uuid;
  v_user_id uuid := current_setting('app.user_id')::uuid;
  -- What was kept from some stays kept from them, also when the thing itself is shown to them from now on.
  v_wider text[] := case p_privacy
    when 'private' then array['public', 'team', 'boss_only']
    when 'boss_only' then array['public', 'team']
    when 'team' then array['public']
    else array[]::text[]
  end;
begin
  -- What others did with it belongs to whom it belongs to: they would go on seeing it, and its owner would not.
  update journal.audit_log a
  set privacy = p_privacy, created_by = case p_privacy when 'private' then v_user_id else a.created_by end
  where a.town_id = v_town_id and a.entity_id = any (p_entity_ids) and a.privacy = any (v_wider);
  update journal.events e
  set privacy = p_privacy, created_by = case p_privacy when 'private' then v_user_id else e.created_by end
  where e.town_id = v_town_id and e.entity_id = any (p_entity_ids) and e.privacy = any (v_wider);
end
$$;
comment on function journal.reclassify(uuid[], text) is
  'Makes what the journal holds of these things as private as they have become, never less; what is private becomes the caller''s. The chain hashes neither.';

create or replace function journal.head()
returns bigint
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce((
    select h.event_seq from journal.heads h
    where h.town_id = nullif(current_setting('app.town_id', true), '')::uuid
  ), 0);
end
$$;
comment on function journal.head() is 'Sequence of the current town''s newest event; 0 before the first.';

revoke all on function journal.record(uuid, timestamptz, text, text, text, uuid, text, jsonb, jsonb, jsonb, jsonb) from public;
revoke all on function journal.audit_hash(bytea, bigint, timestamptz, uuid, text, uuid, bytea) from public;
revoke all on function journal.erase(uuid[]) from public;
revoke all on function journal.reclassify(uuid[], text) from public;
revoke all on function journal.head() from public;
grant execute on function journal.record(uuid, timestamptz, text, text, text, uuid, text, jsonb, jsonb, jsonb, jsonb) to robbieverse_app;
grant execute on function journal.erase(uuid[]) to robbieverse_app;
grant execute on function journal.reclassify(uuid[], text) to robbieverse_app;
grant execute on function journal.head() to robbieverse_app;
