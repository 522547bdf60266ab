import { sql, type RawBuilder } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import { callUnawaited, type Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'

/** One change, as the stream and the audit log keep it. */
export type Change = {
  /** What happened, as in `message.created`. */
  kind: string
  entityKind: string
  entityId: string
  privacy: Privacy
  personalityId?: string | null
  /** Facts for those who listen, labels of state and mood among them; never a message, a memory or a prompt. */
  payload?: Record<string, unknown>
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Where a change comes from, when no operation's context is at hand. */
export type Origin = { operation: string; requestId: string; interface: string | null; at: Date }

/** Appends the event and the audit row of a change. */
export function record(ctx: Ctx, change: Change): Promise<void> {
  return recordAs(ctx.tx, originOf(ctx), change)
}

/** At most this many changes are sent in one statement. */
const MOST_AT_ONCE = 200

/** Appends the events and audit rows of many changes, in their order. */
export async function recordAll(ctx: Ctx, changes: Change[]): Promise<void> {
  for (let at = 0; at < changes.length; at += MOST_AT_ONCE) {
    const some = changes.slice(at, at + MOST_AT_ONCE)
    await callUnawaited(
      ctx.tx,
      some.map((change) => recordCall(ctx, change)),
    )
  }
}

/** What `record` runs, to stand in one statement with other calls. */
export function recordCall(ctx: Ctx, change: Change): RawBuilder<unknown> {
  return callFrom(originOf(ctx), change)
}

/** Like `record`, for work that is no operation: first start, background jobs. */
export function recordAs(tx: Tx, origin: Origin, change: Change): Promise<void> {
  return callUnawaited(tx, [callFrom(origin, change)])
}

function originOf(ctx: Ctx): Origin {
  return {
    operation: ctx.operation,
    requestId: ctx.requestId,
    interface: ctx.interface,
    at: ctx.clock.now(),
  }
}

function callFrom(origin: Origin, change: Change): RawBuilder<unknown> {
  const about = {
    requestId: origin.requestId,
    interface: origin.interface,
    personalityId: change.personalityId ?? null,
  }
  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value))
  return sql`
    journal.record(
      ${newId()}, ${origin.at}, ${origin.operation}, ${change.kind}, ${change.entityKind}, ${change.entityId},
      ${change.privacy}, ${JSON.stringify(change.payload ?? {})}, ${json(change.before)}, ${json(change.after)},
      ${JSON.stringify(about)}
    )`
}

/** Makes what the journal holds of these things as private as they have become; what is stricter stays. */
export async function reclassifyJournal(tx: Tx, entityIds: string[], privacy: Privacy): Promise<void> {
  await callUnawaited(tx, [sql`journal.reclassify(${entityIds}::uuid[], ${privacy})`])
}

/** Forgets what the journal holds of these things; the audit chain still verifies. */
export async function erase(tx: Tx, entityIds: string[]): Promise<void> {
  await sql`select journal.erase(${entityIds}::uuid[])`.execute(tx)
}
