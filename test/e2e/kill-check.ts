import { expect } from 'vitest'

import { expectWholeJournal } from './journal-check.ts'
import type { Acknowledged } from './kill-load.ts'
import type { Query } from './running-app.ts'

/** Statements that find what is half there; each must find nothing. Counted from scratch, by none of our own code. */
const halves: Record<string, string> = {
  'a message without exactly one event': `
    select m.id from conversation.messages m
    left join journal.events e on e.town_id = m.town_id and e.entity_id = m.id and e.kind = 'message.created'
    where m.external_id is null
    group by m.town_id, m.id having count(e.id) <> 1`,
  'an event of a message that is not there': `
    select e.seq from journal.events e
    where e.kind = 'message.created'
      and not exists (select from conversation.messages m where m.town_id = e.town_id and m.id = e.entity_id)`,
  'a message of a person without its index row': `
    select m.id from conversation.messages m
    where m.role = 'user' and not exists (
      select from search.search_index i
      where i.town_id = m.town_id and i.source_id = m.id and i.kind = 'message' and i.content = m.content
    )`,
  'an index row without its message': `
    select i.source_id from search.search_index i
    where i.kind = 'message'
      and not exists (select from conversation.messages m where m.town_id = i.town_id and m.id = i.source_id)`,
  'a message without exactly one reply': `
    select m.id from conversation.messages m
    left join conversation.messages r on r.town_id = m.town_id and r.parent_id = m.id and r.role = 'assistant'
    where m.role = 'user' group by m.town_id, m.id having count(r.id) <> 1`,
  'a message that is not complete': `select id from conversation.messages where status <> 'complete'`,
  'a counter that differs from a count': `
    select c.id from conversation.conversations c
    left join conversation.messages m on m.town_id = c.town_id and m.conversation_id = c.id
    group by c.town_id, c.id, c.message_count, c.last_message_at
    having c.message_count <> count(m.id) or c.last_message_at is distinct from max(m.at)`,
  'a request that is not answered': `select id from journal.idempotency_keys where state <> 'done' or reply is null`,
  'a state that differs from its history': `
    select s.id from presence.ai_personality_state s
    where (select count(*) from presence.ai_state_history h where h.personality_id = s.personality_id) <> s.version - 1
      or not exists (
        select from presence.ai_state_history h
        where h.personality_id = s.personality_id and h.version = s.version and h.mood = s.mood
      )`,
  'a mood event without exactly one event': `
    select x.id from persona.mood_events x
    left join journal.events e on e.town_id = x.town_id and e.entity_id = x.id
    group by x.town_id, x.id having count(e.id) <> 1`,
  'a leaf that is not the newest message of its branch': `
    select c.id from conversation.conversations c
    join conversation.messages leaf on leaf.town_id = c.town_id and leaf.id = c.current_leaf_id
    where exists (select from conversation.messages m where m.town_id = c.town_id and m.parent_id = leaf.id)`,
}

/** Fails unless exactly the acknowledged messages are in the database, each whole. */
export async function expectNothingLost(query: Query, acknowledged: readonly Acknowledged[]): Promise<void> {
  for (const [what, statement] of Object.entries(halves)) {
    expect(await query(statement), what).toEqual([])
  }
  await expectWholeJournal(query)
  const rows = await query<{
    id: string
    conversation_id: string
    content: string
    reply_id: string
    reply: string
  }>(
    `select m.id, m.conversation_id, m.content, r.id as reply_id, r.content as reply
     from conversation.messages m
     join conversation.messages r on r.town_id = m.town_id and r.parent_id = m.id and r.role = 'assistant'
     where m.role = 'user' and m.external_id is null`,
  )
  const toLine = (parts: string[]) => parts.join(' | ')
  const stored = rows.map((row) =>
    toLine([row.content, row.conversation_id, row.id, row.reply_id, row.reply]),
  )
  const expected = acknowledged.map((item) => {
    const { reply } = JSON.parse(item.body) as { reply: { content: string } }
    return toLine([item.content, item.conversationId, item.messageId, item.replyId, reply.content])
  })
  expect(stored.toSorted()).toEqual(expected.toSorted())
  const kept = await query<{ key: string; reply: string }>(
    'select key, reply::text as reply from journal.idempotency_keys',
  )
  expect(kept).toHaveLength(acknowledged.length)
  const byKey = new Map(kept.map((row) => [row.key, row.reply]))
  for (const { key, body } of acknowledged) expect(byKey.get(key)).toBe(body)
}
