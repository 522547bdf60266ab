import { sql, type RawBuilder } from 'kysely'

import { callUnawaited, type Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'

/** What is recalled where the caller does not say: what was said, and what is remembered. */
const RECALLED_KINDS = ['memory', 'message']

/** A recallable thing, as its module hands it to the index in the transaction that writes it. */
export type IndexEntry = {
  /** What sort of thing it is, as in `memory`, `contact`. */
  kind: string
  sourceId: string
  parentId: string | null
  personalityId: string | null
  person: string | null
  title: string | null
  content: string
  /** 1-10 */
  importance: number
  at: Date
  /** From when on it is found; at once when left out or null. */
  startsAt?: Date | null
  /** From when on it is found no more; null means never. */
  endsAt: Date | null
  privacy: Privacy
}

/** Something that was found, with the parts its score is made of. */
export type Found = {
  kind: string
  source_id: string
  parent_id: string | null
  personality_id: string | null
  person: string | null
  title: string | null
  /** Its text, or the beginning of it. */
  content: string
  is_cut: boolean
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
  /** Only these; null means messages and memories. */
  kinds: readonly string[] | null
  /** Only what these personalities may draw on: their own and what is shared by all; null means everything. */
  personalityIds: string[] | null
  /** Only what everybody may see who sees rows of this privacy: `private` is the actor alone. */
  audience: Privacy
  /** Longer texts are cut to this many. */
  characters: number
  limit: number
  now: Date
}

/** Indexes or re-indexes things of the current town. */
export async function putEntries(tx: Tx, entries: IndexEntry[]): Promise<void> {
  if (entries.length > 0) await callUnawaited(tx, [putCall(entries)])
}

/** What `putEntries` runs, to stand in one statement with other calls. */
export function putCall(entries: IndexEntry[]): RawBuilder<void> {
  const rows = entries.map((entry) => ({ id: newId(), ...entry }))
  return sql`search.put(${JSON.stringify(rows)})`
}

/** Makes the entries of these things as private as they have become. */
export async function reclassifyEntries(tx: Tx, sourceIds: string[], privacy: Privacy): Promise<void> {
  await callUnawaited(tx, [sql`search.reclassify(${sourceIds}::uuid[], ${privacy})`])
}

/** Takes things out of the index. */
export async function removeEntries(tx: Tx, sourceIds: string[]): Promise<void> {
  await sql`select search.remove(${sourceIds}::uuid[])`.execute(tx)
}

/** Those of the things, found before, that nobody has taken out since; they stay until the transaction ends. */
export async function lockPresent(tx: Tx, sourceIds: string[]): Promise<Set<string>> {
  if (sourceIds.length === 0) return new Set()
  const result = await sql<{
    id: string
  }>`select id from search.lock_present(${sourceIds}::uuid[]) id`.execute(tx)
  return new Set(result.rows.map((row) => row.id))
}

/** What matches any word of the query and may be seen by the actor and the audience, best first. */
export async function findEntries(tx: Tx, request: FindRequest): Promise<Found[]> {
  const result = await sql<Found>`
    select * from search.find(
      ${request.query}, ${[...(request.kinds ?? RECALLED_KINDS)]}::text[], ${request.personalityIds}::uuid[],
      ${request.audience}, ${request.characters}, ${request.limit}, ${request.now}
    )`.execute(tx)
  return result.rows
}
