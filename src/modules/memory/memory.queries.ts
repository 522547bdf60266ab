import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { AiMemories, AiMemoryEvidence } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type MemoryRow = Selectable<AiMemories> & { personality: string | null; created_at_key: string }
export type EvidenceRow = Selectable<AiMemoryEvidence>

function selectMemories(tx: Tx, town: string) {
  return tx
    .selectFrom('ai_memories as m')
    .leftJoin('personalities as p', (join) =>
      join.onRef('p.town_id', '=', 'm.town_id').onRef('p.id', '=', 'm.personality_id'),
    )
    .selectAll('m')
    .select(['p.slug as personality', cursorTime('m.created_at').as('created_at_key')])
    .where('m.town_id', '=', town)
}

export function findMemory(tx: Tx, town: string, id: string): Promise<MemoryRow | undefined> {
  return selectMemories(tx, town).where('m.id', '=', id).executeTakeFirst()
}

/** Memories that were to be forgotten by `now` and that the actor sees, with their rows locked. */
export function lockExpired(tx: Tx, town: string, page: { now: Date; limit: number }): Promise<MemoryRow[]> {
  return selectMemories(tx, town)
    .where('m.expires_at', '<=', page.now)
    .orderBy('m.expires_at')
    .limit(page.limit)
    .forUpdate('m')
    .skipLocked()
    .execute()
}

/** Memories after a keyset that have not expired, newest first. A key that is limited to personalities sees theirs and the shared ones. */
export function listMemories(
  tx: Tx,
  town: string,
  page: {
    category: MemoryRow['category'] | undefined
    personality: string | undefined
    slugs: string[] | null
    now: Date
    after: Keyset | undefined
    limit: number
  },
): Promise<MemoryRow[]> {
  let query = selectMemories(tx, town)
  const { category, personality, slugs, after } = page
  if (category) query = query.where('m.category', '=', category)
  if (personality) query = query.where('p.slug', '=', personality)
  if (slugs)
    query = query.where((eb) => eb.or([eb('m.personality_id', 'is', null), eb('p.slug', 'in', slugs)]))
  return query
    .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', page.now)]))
    .where(beyond(['m.created_at', 'm.id'], 'desc', after))
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function insertMemory(tx: Tx, row: Insertable<AiMemories>): Promise<void> {
  await tx.insertInto('ai_memories').values(row).execute()
}

/** Changes a memory if it still has `version`; says whether it had. */
export async function updateMemory(
  tx: Tx,
  key: { town: string; id: string; version: number },
  change: Updateable<AiMemories>,
): Promise<boolean> {
  const result = await tx
    .updateTable('ai_memories')
    .set({ ...change, version: key.version + 1 })
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .where('version', '=', key.version)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Erases a memory and its evidence. */
export async function deleteMemory(tx: Tx, town: string, id: string): Promise<void> {
  await tx.deleteFrom('ai_memories').where('town_id', '=', town).where('id', '=', id).execute()
}

export async function insertEvidence(tx: Tx, rows: Insertable<AiMemoryEvidence>[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('ai_memory_evidence').values(rows).execute()
}

export function listEvidence(tx: Tx, town: string, memoryIds: string[]): Promise<EvidenceRow[]> {
  if (memoryIds.length === 0) return Promise.resolve([])
  return tx
    .selectFrom('ai_memory_evidence')
    .selectAll()
    .where('town_id', '=', town)
    .where('memory_id', 'in', memoryIds)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** What a memory said before it was corrected, as the audit log kept it. */
export async function listFormerTexts(
  tx: Tx,
  town: string,
  id: string,
): Promise<{ subject: string; content: string }[]> {
  const result = await sql<{ subject: string; content: string }>`
    select distinct v ->> 'subject' as subject, v ->> 'content' as content
    from audit_log a cross join lateral (values (a.before), (a.after)) as kept (v)
    where a.town_id = ${town} and a.entity_id = ${id} and v ? 'content'`.execute(tx)
  return result.rows
}

type Copies = { quotes: string[]; model: string; isShared: boolean }

/** Replies of a model that hold any of the quotes, locked: of everybody where the memory was shared, else of the actor. */
export async function lockQuotes(
  tx: Tx,
  { model, quotes, isShared }: Copies,
): Promise<{ id: string; owner_id: string; content: string }[]> {
  const result = await sql<{ id: string; owner_id: string; content: string }>`
    select * from memory.lock_quotes(${model}, ${quotes}::text[], ${isShared})`.execute(tx)
  return result.rows
}

export type RedactedReply = { id: string; owner: string; content: string; tokens: number }

/** Takes a memory out of all that copied it: replies, past searches, the journal. Answers how many searches repeated it. */
export async function eraseCopies(
  tx: Tx,
  memory: { id: string; replies: RedactedReply[]; texts: string[]; isShared: boolean },
): Promise<number> {
  const { id, replies, texts, isShared } = memory
  const result = await sql<{ count: number }>`
    select memory.erase_copies(${id}, ${JSON.stringify(replies)}, ${texts}::text[], ${isShared}) as count`.execute(
    tx,
  )
  return result.rows[0]!.count
}
