-- Row-level security is forced on the audit log, and so on its owner too: a private row shows to its person alone. The
-- chain is therefore read as each person in turn, and the caller is put back before anything is answered.

create or replace function journal.verify_audit(p_from bigint, p_to bigint)
returns table (checked_count bigint, head_seq bigint, broken_seq bigint, broken_because text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c_chunk constant bigint := 2000;
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_actor_id uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  v_head journal.heads;
  v_rows journal.audit_log[];
  v_row journal.audit_log;
  -- The hash before the next row; null until it was read. Before the first row of all it is empty.
  v_previous bytea := case when p_from <= 1 then ''::bytea end;
  v_next bigint := greatest(p_from, 1);
  v_first bigint;
  v_end bigint;
  v_user_id uuid;
begin
  if v_town_id is null or coalesce(current_setting('app.clearance', true), '') <> 'boss' then
    raise exception 'the audit chain is verified by bosses' using errcode = '42501';
  end if;
  select * into v_head from journal.heads h where h.town_id = v_town_id;
  head_seq := coalesce(v_head.audit_seq, 0);
  while v_next <= least(p_to, head_seq) and broken_because is null loop
    v_first := v_next - case when v_previous is null then 1 else 0 end;
    v_end := least(p_to, head_seq, v_next + c_chunk - 1);
    v_rows := '{}';
    for v_user_id in
      select v_actor_id
      union all
      select u.id from identity.users u where u.id <> v_actor_id
    loop
      perform set_config('app.user_id', v_user_id::text, true);
      v_rows := v_rows || array(
        select a from journal.audit_log a
        where a.town_id = v_town_id and a.seq between v_first and v_end
          and (v_user_id = v_actor_id or (a.privacy = 'private' and a.created_by = v_user_id))
      );
      exit when cardinality(v_rows) > v_end - v_first;
    end loop;
    perform set_config('app.user_id', v_actor_id::text, true);
    for v_row in select r.* from unnest(v_rows) r order by r.seq loop
      if v_row.seq < v_next then
        v_previous := v_row.hash;
        continue;
      end if;
      broken_because := case
        when v_row.seq <> v_next or v_previous is null then 'missing'
        when v_row.salt is null and (v_row.before is not null or v_row.after is not null) then 'values'
        when v_row.salt is not null and v_row.digest <> sha256(v_row.salt || convert_to(
          coalesce(v_row.before::text, '') || chr(31) || coalesce(v_row.after::text, ''), 'UTF8')) then 'values'
        when v_row.hash <> journal.audit_hash(v_previous, v_row.seq, v_row.at, v_row.user_id, v_row.operation,
          v_row.entity_id, v_row.digest) then 'hash'
      end;
      exit when broken_because is not null;
      v_previous := v_row.hash;
      v_next := v_next + 1;
    end loop;
    if broken_because is null and v_next <= v_end then
      broken_because := 'missing';
    end if;
  end loop;
  checked_count := v_next - greatest(p_from, 1);
  if broken_because is not null then
    broken_seq := v_next;
  elsif v_next - 1 = head_seq and v_previous is distinct from coalesce(v_head.audit_hash, ''::bytea) then
    broken_seq := head_seq;
    broken_because := 'head';
  end if;
  return next;
end
$$;
comment on function journal.verify_audit(bigint, bigint) is
  'Computes the audit chain of the current town anew over a range of sequences, for bosses: how many rows hold, where the chain ends, and the first row that does not hold, because it is missing, its values or its hash are not what they were, or the head names another end.';

revoke all on function journal.verify_audit(bigint, bigint) from public;
grant execute on function journal.verify_audit(bigint, bigint) to robbieverse_app;
