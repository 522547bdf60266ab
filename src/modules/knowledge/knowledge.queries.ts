import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'

/** Takes back that these articles were verified. */
export async function clearVerification(tx: Tx, town: string, ids: string[]): Promise<void> {
  await sql`
    update knowledge_base set verified_by = null, verified_at = null
    where town_id = ${town} and id = any(${ids}::uuid[])`.execute(tx)
}

/** Counts that an article was used, and whether that helped. */
export async function countUse(
  tx: Tx,
  key: { town: string; id: string },
  use: { isHelpful: boolean; now: Date },
): Promise<{ accessCount: number; helpfulCount: number }> {
  const result = await sql<{ accessCount: number; helpfulCount: number }>`
    update knowledge_base set
      access_count = access_count + 1,
      helpful_count = helpful_count + ${use.isHelpful ? 1 : 0}::integer,
      last_accessed_at = ${use.now}
    where town_id = ${key.town} and id = ${key.id}
    returning access_count as "accessCount", helpful_count as "helpfulCount"`.execute(tx)
  return result.rows[0]!
}

/** The document with that file hash, where the actor sees it. */
export async function findDocumentByHash(
  tx: Tx,
  town: string,
  hash: string,
): Promise<{ id: string } | undefined> {
  return tx
    .selectFrom('documents')
    .select('id')
    .where('town_id', '=', town)
    .where('file_hash', '=', hash)
    .executeTakeFirst()
}

/** A chunk as it is stored; of what its document lends it, see `insertChunks`. */
export type NewChunk = {
  id: string
  ordinal: number
  content: string
  heading: string | null
  page: number | null
  start_offset: number | null
  end_offset: number | null
  token_count: number
}

/** Stores the chunks of a document. One parameter for any number of them. */
export async function insertChunks(
  tx: Tx,
  document: { town: string; id: string; privacy: Privacy; userId: string; now: Date },
  chunks: NewChunk[],
): Promise<void> {
  const { town, id, privacy, userId, now } = document
  await sql`
    insert into chunks (
      town_id, id, document_id, ordinal, content, heading, page, start_offset, end_offset, token_count, privacy,
      created_by, created_at, updated_at
    )
    select ${town}::uuid, c.id, ${id}::uuid, c.ordinal, c.content, c.heading, c.page, c.start_offset, c.end_offset, c.token_count,
      ${privacy}::text, ${userId}::uuid, ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(chunks)}) as c (
      id uuid, ordinal integer, content text, heading text, page integer, start_offset integer, end_offset integer,
      token_count integer
    )`.execute(tx)
}
