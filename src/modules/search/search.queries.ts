import { sql, type RawBuilder } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'

/** Kinds of things the index holds. */
export const RECALLABLE_KINDS = ['memory', 'message'] as const
export type RecallableKind = (typeof RECALLABLE_KINDS)[number]

/** A recallable thing, as its module hands it to the index in the transaction that writes it. */
export type IndexEntry = {
  kind: RecallableKind
  sourceId: string
  parentId: string | null
  personalityId: string | null
  person: string | null
  title: string | null
  content: string
  /** 1-10 */
  importance: number
  at: Date
  privacy: Privacy
}

/** Something that was found, with the parts its score is made of. */
export type Found = {
  kind: RecallableKind
  source_id: string
  parent_id: string | null
  personality_id: string | null
  person: string | null
  title: string | null
  content: string
  importance: number
  at: Date
  score: number
  keyword_score: number
  recency_score: number
  importance_score: number
  /** Stems of the query that occur in it. */
  matched: string[]
}

export type FindRequest = {
  query: string
  kinds: readonly RecallableKind[] | null
  /** Only what these personalities may draw on: their own and what is shared by all; null means everything. */
  personalityIds: string[] | null
  limit: number
  now: Date
}

/** Indexes or re-indexes things of the current town. */
export async function putEntries(tx: Tx, entries: IndexEntry[]): Promise<void> {
  if (entries.length > 0) await sql`select ${putCall(entries)}`.execute(tx)
}

/** What `putEntries` runs, to stand in one statement with other calls. */
export function putCall(entries: IndexEntry[]): RawBuilder<void> {
  const rows = entries.map((entry) => ({ id: newId(), ...entry }))
  return sql`search.put(${JSON.stringify(rows)})`
}

/** Takes things out of the index. */
export async function removeEntries(tx: Tx, sourceIds: string[]): Promise<void> {
  await sql`select search.remove(${sourceIds}::uuid[])`.execute(tx)
}

/** What matches any word of the query and may be seen by the actor, best first. */
export async function findEntries(tx: Tx, request: FindRequest): Promise<Found[]> {
  const result = await sql<Found>`
    select * from search.find(
      ${request.query}, ${request.kinds === null ? null : [...request.kinds]}::text[], ${request.personalityIds}::uuid[],
      ${request.limit}, ${request.now}
    )`.execute(tx)
  return result.rows
}
