-- Runs with the rights of whoever calls it: row-level security decides what may be written.
-- A function, so that messages are stored, counted, indexed and recorded in one statement.

create or replace function conversation.store(
  p_conversation_id uuid, p_messages jsonb, p_last_at timestamptz, p_leaf_id uuid, p_now timestamptz
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  with counted as (
    update conversation.conversations c set
      message_count = c.message_count + jsonb_array_length(p_messages),
      last_message_at = greatest(c.last_message_at, p_last_at),
      version = c.version + 1,
      updated_at = p_now,
      current_leaf_id = coalesce(p_leaf_id, c.current_leaf_id)
    where c.town_id = nullif(current_setting('app.town_id', true), '')::uuid and c.id = p_conversation_id
  )
  insert into conversation.messages (
    town_id, id, conversation_id, parent_id, external_id, role, speaker, content, status, token_count, model, mood,
    attraction, gandhi_genghis, tags, interface, at, created_at, privacy, created_by
  )
  select m.* from jsonb_to_recordset(p_messages) as m (
    town_id uuid, id uuid, conversation_id uuid, parent_id uuid, external_id text, role text, speaker text, content text,
    status text, token_count integer, model text, mood text, attraction integer, gandhi_genghis integer, tags text[], interface text, at timestamptz, created_at timestamptz,
    privacy text, created_by uuid
  );
end
$$;
comment on function conversation.store(uuid, jsonb, timestamptz, uuid, timestamptz) is
  'Stores messages, an array of rows of conversation.messages, and counts them into their conversation, whose row the caller has locked. p_leaf_id moves the branch the person is on; null leaves it.';

revoke all on function conversation.store(uuid, jsonb, timestamptz, uuid, timestamptz) from public;
grant execute on function conversation.store(uuid, jsonb, timestamptz, uuid, timestamptz) to robbieverse_app;
