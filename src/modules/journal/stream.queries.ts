import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** Notified at commit with `<town id>:<sequence>`. */
export const EVENTS_CHANNEL = 'robbieverse_events'

/** One place in a town's stream; `event` is null for what the reader may not see. */
export type StreamedEvent = {
  seq: number
  event: {
    id: string
    kind: string
    version: number
    operation: string
    userId: string
    interface: string | null
    personalityId: string | null
    entityKind: string
    entityId: string
    payload: unknown
    at: string
  } | null
}

/** Sequence of the town's newest event, 0 before the first. */
export async function readHead(tx: Tx): Promise<number> {
  const result = await sql<{ head: number }>`select journal.head() as head`.execute(tx)
  return result.rows[0]!.head
}

/**
 * The events after `afterSeq`, at most `limit` sequence numbers, without a gap: numbers whose rows are hidden from the
 * reader come bare. Row-level security decides what is hidden; the head says how far the numbers go.
 */
export async function readEvents(
  tx: Tx,
  town: string,
  range: { afterSeq: number; limit: number },
): Promise<StreamedEvent[]> {
  const head = await readHead(tx)
  const last = Math.min(head, range.afterSeq + range.limit)
  if (last <= range.afterSeq) return []
  const rows = await tx
    .selectFrom('events')
    .selectAll()
    .where('town_id', '=', town)
    .where('seq', '>', range.afterSeq)
    .where('seq', '<=', last)
    .execute()
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  return Array.from({ length: last - range.afterSeq }, (_, index) => {
    const seq = range.afterSeq + index + 1
    const row = bySeq.get(seq)
    if (!row) return { seq, event: null }
    return {
      seq,
      event: {
        id: row.id,
        kind: row.kind,
        version: row.version,
        operation: row.operation,
        userId: row.user_id,
        interface: row.interface,
        personalityId: row.personality_id,
        entityKind: row.entity_kind,
        entityId: row.entity_id,
        payload: row.payload,
        at: row.at.toISOString(),
      },
    }
  })
}
