-- Counts only, of public and team rows: a capital town never sees a row that was not shared with it.

create or replace function sharing.count_governed_towns()
returns table (town_id uuid, town text, kind text, row_count bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_capital_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_clearance text := coalesce(current_setting('app.clearance', true), '');
  v_town town.towns;
  v_table text;
begin
  if v_capital_id is null or v_clearance <> 'boss' then
    return;
  end if;
  for v_town in select t.* from town.towns t where t.governed_by = v_capital_id order by t.slug loop
    -- Row-level security is forced on its owner too: each town is counted as one of its members would.
    perform set_config('app.town_id', v_town.id::text, true), set_config('app.clearance', 'member', true);
    foreach v_table in array array[
      'crm.companies', 'crm.contacts', 'crm.deals', 'agenda.tasks', 'conversation.conversations', 'conversation.messages',
      'memory.ai_memories', 'knowledge.knowledge_base', 'knowledge.documents', 'persona.personalities',
      'simulation.testpilot_simulations'
    ] loop
      execute format('select count(*) from %s where town_id = $1 and privacy in (''public'', ''team'')', v_table)
        into row_count using v_town.id;
      town_id := v_town.id;
      town := v_town.slug;
      kind := split_part(v_table, '.', 2);
      return next;
    end loop;
  end loop;
  perform set_config('app.town_id', v_capital_id::text, true), set_config('app.clearance', v_clearance, true);
end
$$;
comment on function sharing.count_governed_towns() is
  'How many public and team rows of each kind the towns hold that the current town governs; nothing unless its boss asks.';

revoke all on function sharing.count_governed_towns() from public;
grant execute on function sharing.count_governed_towns() to robbieverse_app;

create or replace view sharing.cross_town_analytics with (security_invoker = true) as
  select c.town_id, c.town, c.kind, c.row_count from sharing.count_governed_towns() c;
comment on view sharing.cross_town_analytics is 'Counts of the towns that the current town governs; empty unless its boss asks.';
comment on column sharing.cross_town_analytics.town_id is 'The governed town.';
comment on column sharing.cross_town_analytics.town is 'Its slug.';
comment on column sharing.cross_town_analytics.kind is 'Table that is counted.';
comment on column sharing.cross_town_analytics.row_count is 'How many public and team rows it has there.';
grant select on sharing.cross_town_analytics to robbieverse_app;
