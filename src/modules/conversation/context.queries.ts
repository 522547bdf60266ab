import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'
import type { MoodName } from '../persona/index.ts'

/** A message as the context needs it. */
export type RecentMessage = {
  id: string
  role: 'user' | 'assistant' | 'system' | 'tool'
  speaker: string | null
  content: string
  tokens: number
  at: string
}

/** Everything a context is made of but what is recalled, read in one statement. */
export type ContextRow = {
  personality_id: string
  slug: string
  name: string
  /** The conversation's: who reads what is said in it. */
  privacy: Privacy
  /** Name of the person whose conversation it is; null when they cannot be seen any more. */
  owner_name: string | null
  attraction: number
  gandhi_genghis: number
  mood: MoodName
  mode: string
  energy: string
  focus: string
  system_prompt: string | null
  tone: string | null
  style: string | null
  emoji_guidelines: string | null
  prompt_version: number | null
  /** Oldest first, as many of the newest as can matter; the newest of the user is among them. */
  recent: RecentMessage[]
}

/** No context holds more messages than this, however small they are. */
const MOST_MESSAGES = 400

export type ContextRequest = {
  town: string
  userId: string
  conversationId: string
  attractionCeiling: number
  budget: number
}

/**
 * Reads prompt, sliders, state and the newest messages of a conversation in one round trip; undefined when it is not
 * to be seen. Messages come from the branch the person is on, up to the budget in tokens and the newest of the user.
 */
export async function readContext(tx: Tx, request: ContextRequest): Promise<ContextRow | undefined> {
  const { town, userId, conversationId, attractionCeiling, budget } = request
  const result = await sql<ContextRow>`
    select p.id as personality_id, p.slug, p.name, c.privacy, u.name as owner_name, v.attraction, v.gandhi_genghis, v.mood,
      coalesce(i.mode, s.mode, 'normal') as mode, coalesce(s.energy, 'normal') as energy, coalesce(s.focus, 'available') as focus,
      a.system_prompt, a.tone, a.style, a.emoji_guidelines, a.version as prompt_version,
      coalesce(case when c.current_leaf_id is null then newest.messages else branch.messages end, '[]') as recent
    from conversations c
    join personalities p on p.town_id = c.town_id and p.id = c.personality_id
    left join users u on u.id = c.created_by
    left join personality_instances i on i.town_id = c.town_id and i.personality_id = p.id and i.user_id = ${userId}
    left join ai_personality_state s on s.town_id = c.town_id and s.personality_id = p.id
    cross join lateral (
      select least(coalesce(i.attraction, p.attraction), ${attractionCeiling}::integer) as attraction,
        coalesce(i.gandhi_genghis, p.gandhi_genghis) as gandhi_genghis
    ) g
    cross join lateral (
      select g.attraction, g.gandhi_genghis,
        coalesce(i.mood, s.mood, persona.calculate_mood(g.attraction, g.gandhi_genghis, '{}')) as mood
    ) v
    left join lateral persona.get_active_prompt(p.id, v.mood) a on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', n.id, 'role', n.role, 'speaker', n.speaker, 'content', n.content,
        'tokens', n.token_count, 'at', n.at) order by n.at, n.id) as messages
      from (
        select m.*, sum(m.token_count) over (order by m.at desc, m.id desc) as running,
          row_number() over (partition by m.role order by m.at desc, m.id desc) as nth_of_role
        from (
          select * from messages
          where town_id = ${town} and conversation_id = ${conversationId} and c.current_leaf_id is null
            and deleted_at is null
          order by at desc, id desc
          limit ${MOST_MESSAGES}
        ) m
      ) n
      where n.running - n.token_count <= ${budget} or (n.role = 'user' and n.nth_of_role = 1)
    ) newest on c.current_leaf_id is null
    left join lateral (
      with recursive path as (
        select m.*, 1 as depth, m.token_count::bigint as running, m.role = 'user' as has_user
        from messages m where m.town_id = ${town} and m.id = c.current_leaf_id
        union all
        select m.*, path.depth + 1, path.running + m.token_count, path.has_user or m.role = 'user'
        from path join messages m on m.town_id = ${town} and m.id = path.parent_id
        where path.depth < ${MOST_MESSAGES} and (path.running <= ${budget} or not path.has_user)
      )
      select jsonb_agg(jsonb_build_object('id', path.id, 'role', path.role, 'speaker', path.speaker,
        'content', path.content, 'tokens', path.token_count, 'at', path.at) order by path.depth desc) as messages
      from path
      where path.deleted_at is null
    ) branch on c.current_leaf_id is not null
    where c.town_id = ${town} and c.id = ${conversationId}`.execute(tx)
  return result.rows[0]
}
