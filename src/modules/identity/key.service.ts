import { z } from 'zod'

import type { Ctx } from '../../db/operation.ts'
import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { timeOutput } from '../../kernel/input.ts'
import { recordAs, type Origin } from '../journal/index.ts'
import { insertKey, type KeyRow } from './identity.queries.ts'
import { makeKey } from './sign-in.service.ts'

export const keyOutput = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  issuedBy: z.uuid().describe('Who made it. One that its own person did not make acts in its town alone.'),
  operations: z.array(z.string()).nullable(),
  personalities: z.array(z.string()).nullable(),
  createdAt: timeOutput,
  expiresAt: timeOutput.nullable(),
  revokedAt: timeOutput.nullable(),
})

/** A row of api_keys as callers see it. */
export function toKey(row: Omit<KeyRow, 'created_at_key'>): z.input<typeof keyOutput> {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    prefix: row.prefix,
    issuedBy: row.issued_by,
    operations: row.operations,
    personalities: row.personalities,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}

/** When a key ends that a key makes: as asked, and never after the one that makes it. */
export function earliest(asked: string | undefined, own: string | null): Date | null {
  const ends = [asked, own].flatMap((end) => (end ? [new Date(end).getTime()] : []))
  return ends.length === 0 ? null : new Date(Math.min(...ends))
}

export type NewKey = {
  userId: string
  name: string
  operations: string[] | null
  personalities: string[] | null
  expiresAt: Date | null
}

/** Makes a key for a member of the town that was entered, with its event; the key itself is in the answer only. */
export function storeKey(ctx: Ctx, key: NewKey): Promise<z.input<typeof keyOutput> & { key: string }> {
  const { operation, requestId } = ctx
  return storeKeyAs(ctx.tx, { operation, requestId, interface: ctx.interface, at: ctx.clock.now() }, key)
}

/** Like `storeKey`, for work that is no operation. */
export async function storeKeyAs(
  tx: Tx,
  origin: Origin,
  { userId, name, operations, personalities, expiresAt }: NewKey,
): Promise<z.input<typeof keyOutput> & { key: string }> {
  const { key, prefix, hash } = makeKey()
  const row = {
    id: newId(),
    user_id: userId,
    name,
    prefix,
    operations,
    personalities,
    created_at: origin.at,
    expires_at: expiresAt,
    revoked_at: null,
  }
  const issuedBy = await insertKey(tx, row, hash)
  await recordAs(tx, origin, {
    kind: 'api_key.created',
    entityKind: 'api_key',
    entityId: row.id,
    privacy: 'private',
    after: { userId, name, prefix, operations, personalities, expiresAt },
  })
  return { ...toKey({ ...row, issued_by: issuedBy }), key }
}
