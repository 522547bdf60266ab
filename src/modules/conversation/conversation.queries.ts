import {
  sql,
  type Expression,
  type Insertable,
  type RawBuilder,
  type Selectable,
  type Updateable,
} from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { Conversations, Messages } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type ConversationRow = Selectable<Conversations> & { personality: string; updated_at_key: string }
export type MessageRow = Selectable<Messages>

function selectConversations(tx: Tx, town: string | Expression<string>) {
  return tx
    .selectFrom('conversations as c')
    .innerJoin('personalities as p', (join) =>
      join.onRef('p.town_id', '=', 'c.town_id').onRef('p.id', '=', 'c.personality_id'),
    )
    .selectAll('c')
    .select(['p.slug as personality', cursorTime('c.updated_at').as('updated_at_key')])
    .where('c.town_id', '=', town)
}

export function findConversation(tx: Tx, town: string, id: string): Promise<ConversationRow | undefined> {
  return selectConversations(tx, town).where('c.id', '=', id).executeTakeFirst()
}

/** The actor's conversation that was imported under this identity, or undefined. */
export function findImported(
  tx: Tx,
  key: { town: string; userId: string; externalId: string },
): Promise<ConversationRow | undefined> {
  return selectConversations(tx, key.town)
    .where('c.created_by', '=', key.userId)
    .where('c.external_id', '=', key.externalId)
    .executeTakeFirst()
}

/** The conversation with its row locked: messages of one conversation are written one after the other. */
export function lockConversation(tx: Tx, town: string, id: string): Promise<ConversationRow | undefined> {
  return selectConversations(tx, town).where('c.id', '=', id).forUpdate('c').executeTakeFirst()
}

/** The same where nobody has it locked: whoever waits for a lock must be known first. */
export function lockUnlocked(
  tx: Tx,
  town: Expression<string>,
  id: string,
): Promise<ConversationRow | undefined> {
  return selectConversations(tx, town).where('c.id', '=', id).forUpdate('c').skipLocked().executeTakeFirst()
}

/** Conversations after a keyset, the one that changed last first. */
export function listConversations(
  tx: Tx,
  town: string,
  page: {
    personality: string | undefined
    slugs: string[] | null
    /** Only those of this person. */
    createdBy: string | undefined
    status: 'active' | 'archived'
    after: Keyset | undefined
    limit: number
  },
): Promise<ConversationRow[]> {
  let query = selectConversations(tx, town).where('c.status', '=', page.status)
  if (page.personality) query = query.where('p.slug', '=', page.personality)
  if (page.slugs) query = query.where('p.slug', 'in', page.slugs)
  if (page.createdBy) query = query.where('c.created_by', '=', page.createdBy)
  return query
    .where(beyond(['c.updated_at', 'c.id'], 'desc', page.after))
    .orderBy('c.updated_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function insertConversation(tx: Tx, row: Insertable<Conversations>): Promise<void> {
  await tx.insertInto('conversations').values(row).execute()
}

/** Changes columns of a conversation, and its version. */
export async function updateConversation(
  tx: Tx,
  key: { town: string; id: string },
  change: Updateable<Conversations>,
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .execute()
}

/**
 * The call that stores messages of a locked conversation and counts them into it, to stand in one statement with other
 * calls. `leaf` moves the branch the person is on; null leaves it.
 */
export function storeCall(
  conversationId: string,
  rows: MessageRow[],
  { now, leaf }: { now: Date; leaf: string | null },
): RawBuilder<void> {
  const lastAt = rows.reduce<Date | null>((last, { at }) => (last && last > at ? last : at), null)
  // One parameter for any number of rows: a thousand messages would need 17,000.
  return sql`conversation.store(${conversationId}, ${JSON.stringify(rows)}, ${lastAt}, ${leaf}, ${now})`
}

/** Ids of the messages that have these external ids. */
export async function findExternalIds(
  tx: Tx,
  key: { town: string; conversationId: string },
  externalIds: string[],
): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('messages')
    .select(['id', 'external_id'])
    .where('town_id', '=', key.town)
    .where('conversation_id', '=', key.conversationId)
    .where('external_id', '=', sql<string>`any(${externalIds}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.external_id!, row.id]))
}

/** Messages after a keyset, oldest first. */
export function listMessages(
  tx: Tx,
  key: { town: string; conversationId: string },
  page: { after: Keyset | undefined; limit: number },
): Promise<(MessageRow & { at_key: string })[]> {
  return tx
    .selectFrom('messages')
    .selectAll()
    .select(cursorTime('at').as('at_key'))
    .where('town_id', '=', key.town)
    .where('conversation_id', '=', key.conversationId)
    .where(beyond(['at', 'id'], 'asc', page.after))
    .orderBy('at')
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

/** A message with its row locked, or undefined. */
export function lockMessage(tx: Tx, town: string, id: string): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .selectAll()
    .where('town_id', '=', town)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The reply to a message, or undefined. */
export function findReply(
  tx: Tx,
  town: string,
  conversationId: string,
  id: string,
): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .selectAll()
    .where('town_id', '=', town)
    .where('conversation_id', '=', conversationId)
    .where('parent_id', '=', id)
    .where('role', '=', 'assistant')
    .executeTakeFirst()
}

export async function setMessageStatus(
  tx: Tx,
  key: { town: string; id: string },
  status: 'complete' | 'unanswered',
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ status })
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .execute()
}

/** How many of these messages the actor may see, of conversations with these personalities; null means all. */
export async function countVisible(
  tx: Tx,
  town: string,
  request: { ids: string[]; slugs: string[] | null },
): Promise<number> {
  let query = tx
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.town_id', '=', 'm.town_id').onRef('c.id', '=', 'm.conversation_id'),
    )
    .innerJoin('personalities as p', (join) =>
      join.onRef('p.town_id', '=', 'c.town_id').onRef('p.id', '=', 'c.personality_id'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('m.town_id', '=', town)
    .where('m.id', '=', sql<string>`any(${request.ids}::uuid[])`)
  if (request.slugs) query = query.where('p.slug', 'in', request.slugs)
  return (await query.executeTakeFirstOrThrow()).count
}

/** Whether the end of the branch the person is on was said here; without branches, whether anything was. */
export async function hasGoneOn(
  tx: Tx,
  town: string,
  conversation: Pick<ConversationRow, 'id' | 'current_leaf_id'>,
): Promise<boolean> {
  let query = tx
    .selectFrom('messages')
    .select('id')
    .where('town_id', '=', town)
    .where('conversation_id', '=', conversation.id)
    .where('external_id', 'is', null)
  if (conversation.current_leaf_id !== null) query = query.where('id', '=', conversation.current_leaf_id)
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

/** What follows a message on the way to `leaf` follows its reply from now on; nothing when it is on another branch. */
export async function putBelowReply(
  tx: Tx,
  place: { town: string; leaf: string; messageId: string; replyId: string },
): Promise<void> {
  const { town, leaf, messageId, replyId } = place
  await sql`
    with recursive path as (
      select m.id, m.parent_id from messages m where m.town_id = ${town} and m.id = ${leaf}
      union all
      select m.id, m.parent_id from path join messages m on m.town_id = ${town} and m.id = path.parent_id
      where path.parent_id <> ${messageId}
    )
    update messages set parent_id = ${replyId}
    where town_id = ${town} and id in (select id from path where parent_id = ${messageId})`.execute(tx)
}

/** How many messages of the current town that the actor sees wait for their reply since then. */
export async function countPending(tx: Tx, since: Date): Promise<number> {
  const result = await sql<{ pending: number }>`
    select count(*) as pending from messages m
    where m.town_id = nullif(current_setting('app.town_id', true), '')::uuid
      and m.status = 'pending' and m.created_at > ${since}`.execute(tx)
  return result.rows[0]!.pending
}
