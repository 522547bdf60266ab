create or replace function persona.call_mood(p_attraction_level integer, p_gandhi_genghis integer, p_context_keywords text[])
returns table (mood text, is_called boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
  v_keywords text[] := array(select lower(k) from unnest(coalesce(p_context_keywords, '{}')) k);
begin
  -- First match wins in evaluation order. A condition holds when all its parts do; an empty one never does.
  return query
    select m.name, coalesce(bool_or(c ? 'keywords'), false)
    from persona.moods m
    left join lateral (
      select c from jsonb_array_elements(m.trigger_conditions) c
      where c <> '{}'
        and (not c ? 'attractionMin' or p_attraction_level >= (c ->> 'attractionMin')::integer)
        and (not c ? 'gandhiGenghisMin' or p_gandhi_genghis >= (c ->> 'gandhiGenghisMin')::integer)
        and (not c ? 'keywords' or v_keywords && array(select jsonb_array_elements_text(c -> 'keywords')))
    ) held (c) on true
    where m.town_id = v_town_id and (m.is_default or m.is_active and c is not null)
    group by m.name, m.is_default, m.evaluation_order
    order by m.is_default, m.evaluation_order, m.name
    limit 1;
end
$$;
comment on function persona.call_mood(integer, integer, text[]) is
  'The mood of calculate_mood, and whether keywords called for it: a condition of it that names keywords holds.';

create or replace function persona.calculate_mood(p_attraction_level integer, p_gandhi_genghis integer, p_context_keywords text[])
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return (select c.mood from persona.call_mood(p_attraction_level, p_gandhi_genghis, p_context_keywords) c);
end
$$;
comment on function persona.calculate_mood(integer, integer, text[]) is
  'The mood that the sliders and keywords call for in the current town, by the moods'' trigger conditions: the first that matches, else the default.';

create or replace function persona.get_active_prompt(p_personality_id uuid, p_mood text)
returns table (system_prompt text, tone text, style text, emoji_guidelines text, version integer)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_town_id uuid := nullif(current_setting('app.town_id', true), '')::uuid;
begin
  -- A personality without a prompt for this mood speaks as in the default mood.
  return query
    select p.system_prompt, p.tone, p.style, p.emoji_guidelines, p.version
    from persona.prompts p join persona.moods m on m.town_id = p.town_id and m.name = p.mood
    where p.town_id = v_town_id and p.personality_id = p_personality_id and p.status = 'published'
      and (p.mood = p_mood or m.is_default)
    order by p.mood = p_mood desc
    limit 1;
end
$$;
comment on function persona.get_active_prompt(uuid, text) is
  'The published prompt of a personality for a mood, or for the default mood when it has none; no row without any.';

revoke all on function persona.call_mood(integer, integer, text[]) from public;
revoke all on function persona.calculate_mood(integer, integer, text[]) from public;
revoke all on function persona.get_active_prompt(uuid, text) from public;
grant execute on function persona.call_mood(integer, integer, text[]) to robbieverse_app;
grant execute on function persona.calculate_mood(integer, integer, text[]) to robbieverse_app;
grant execute on function persona.get_active_prompt(uuid, text) to robbieverse_app;
