import { sql } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Vault } from '../../kernel/services.ts'

/** How long a key and its answer are kept; the next request of the same person sweeps older ones. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** What a repeated request finds: `reply` when it was finished, `prepared` when only its first step was. */
export type ClaimedKey = { id: string; reply?: unknown; prepared?: unknown }

/** What a repeated request must have in common with the first: operation, validated input, and the limits of the key. */
export type AskedRequest = { operation: string; limits: unknown; input: unknown }

/**
 * A hash of what is asked, with the vault's key: inputs hold passwords, and texts that are forgotten before the key is.
 * Objects with their keys in another order hash alike.
 */
export function hashRequest(vault: Vault, asked: AskedRequest): string {
  return vault.fingerprint(JSON.stringify(sortKeys(asked)))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  )
}

/**
 * Claims an idempotency key in the operation's own transaction, or finds what an earlier request with it left.
 * Throws IDEMPOTENCY_KEY_REUSED when the key was used with another request, IDEMPOTENCY_REPLY_ERASED when something its
 * answer named was forgotten since.
 */
export async function claimKey(ctx: Ctx, request: { key: string; hash: string }): Promise<ClaimedKey> {
  const id = newId()
  const now = ctx.clock.now()
  const result = await sql<{ id: string }>`
    with swept as (
      delete from idempotency_keys
      where town_id = ${ctx.town} and id in (
        select id from idempotency_keys
        where town_id = ${ctx.town} and created_by = ${ctx.actor.userId} and key <> ${request.key}
          and created_at < ${new Date(now.getTime() - KEPT_MS)}
        for update skip locked
      )
    )
    insert into idempotency_keys (town_id, id, key, operation, request_hash, state, created_at, privacy, created_by)
    values (${ctx.town}, ${id}, ${request.key}, ${ctx.operation}, ${request.hash}, 'prepared', ${now}, 'private',
      ${ctx.actor.userId})
    on conflict (town_id, created_by, key) do nothing
    returning id`.execute(ctx.tx)
  const inserted = result.rows.length === 1
  if (inserted) return { id }
  const row = await ctx.tx
    .selectFrom('idempotency_keys')
    .select(['id', 'operation', 'request_hash', 'state', 'prepared', 'reply'])
    .where('town_id', '=', ctx.town)
    .where('created_by', '=', ctx.actor.userId)
    .where('key', '=', request.key)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (row.request_hash !== request.hash) {
    throw kernelErrors.IDEMPOTENCY_KEY_REUSED({ data: { operation: row.operation } })
  }
  if (row.state === 'erased') {
    throw kernelErrors.IDEMPOTENCY_REPLY_ERASED({ data: { operation: row.operation } })
  }
  if (row.state === 'done') return { id: row.id, reply: row.reply }
  return { id: row.id, prepared: row.prepared }
}

/** Keeps what the first step left, so that a repeated request resumes after it. */
export async function storePrepared(ctx: Ctx, id: string, prepared: unknown): Promise<void> {
  await ctx.tx
    .updateTable('idempotency_keys')
    .set({ prepared: JSON.stringify(prepared) })
    .where('town_id', '=', ctx.town)
    .where('id', '=', id)
    .execute()
}

/** The reply when the request is finished, with its row locked; null while it is not. */
export async function lockReply(ctx: Ctx, id: string): Promise<unknown> {
  const row = await ctx.tx
    .selectFrom('idempotency_keys')
    .select('reply')
    .where('town_id', '=', ctx.town)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row?.reply ?? null
}

/** Keeps the answer for repeated requests. */
export async function storeReply(ctx: Ctx, id: string, reply: unknown): Promise<void> {
  await ctx.tx
    .updateTable('idempotency_keys')
    .set({ state: 'done', reply: JSON.stringify(reply), prepared: null })
    .where('town_id', '=', ctx.town)
    .where('id', '=', id)
    .execute()
}
