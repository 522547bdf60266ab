import { createHash, randomBytes } from 'node:crypto'

import { sql } from 'kysely'

import type { AnyOperation } from '../../db/operation.ts'
import type { Tx } from '../../db/tx.ts'
import type { Actor, Privacy, TownRole } from '../../kernel/context.ts'
import { identityErrors } from './identity.errors.ts'

const KEY_PREFIX = 'rv_'

/** A new API key: 256 random bits. Only its hash is stored. */
export function makeKey(): { key: string; prefix: string; hash: Buffer } {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url')
  return { key, prefix: key.slice(0, 9), hash: hashKey(key) }
}

/** SHA-256 of a key, as the database keeps it. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

export type SignInCredential =
  | { kind: 'key'; key: string; town?: string | null }
  | { kind: 'person'; userId: string; town: string | null }
  | null

type Authenticated = Actor | { refused: 'unknown' | 'revoked' | 'expired' | 'no_town' }

/**
 * Makes the caller the actor of this transaction: role, town and person are settings in it from here on.
 * Throws UNAUTHENTICATED, API_KEY_* or NO_TOWN.
 */
export async function authenticate(tx: Tx, credential: SignInCredential, now: Date): Promise<Actor> {
  if (!credential) throw identityErrors.UNAUTHENTICATED()
  const result =
    credential.kind === 'key'
      ? await sql<{ actor: Authenticated }>`
          select identity.authenticate_key(${hashKey(credential.key)}, ${now}) as actor`.execute(tx)
      : await sql<{ actor: Authenticated }>`
          select identity.authenticate_user(${credential.userId}, ${credential.town}) as actor`.execute(tx)
  const actor = result.rows[0]!.actor
  if (!('refused' in actor)) {
    const { town } = credential
    if (town && town !== actor.townSlug && town !== actor.townId) throw identityErrors.NO_TOWN()
    return actor
  }
  switch (actor.refused) {
    case 'unknown':
      throw identityErrors.API_KEY_UNKNOWN()
    case 'revoked':
      throw identityErrors.API_KEY_REVOKED()
    case 'expired':
      throw identityErrors.API_KEY_EXPIRED()
    case 'no_town':
      throw identityErrors.NO_TOWN()
  }
}

const RANK: Record<TownRole, number> = { readonly: 0, user: 1, admin: 2 }

/** Whether the actor's role and key allow the operation. Throws FORBIDDEN or KEY_SCOPE. */
export function authorize(actor: Actor, operation: Pick<AnyOperation, 'id' | 'access'>): void {
  if (RANK[actor.role] < RANK[operation.access]) {
    throw identityErrors.FORBIDDEN({ data: { needs: operation.access, role: actor.role } })
  }
  if (actor.operations && !actor.operations.some((scope) => isWithin(scope, operation.id))) {
    throw identityErrors.KEY_SCOPE({ data: { operation: operation.id } })
  }
}

/** `memory.recall` is itself; `memory.*` is everything that begins with `memory.`. */
function isWithin(scope: string, operation: string): boolean {
  return scope.endsWith('.*') ? operation.startsWith(scope.slice(0, -1)) : scope === operation
}

/** Whether the actor would see what they make with this privacy. Throws PRIVACY_NOT_ALLOWED. */
export function authorizePrivacy(actor: Actor, privacy: Privacy): void {
  if (privacy === 'boss_only' && actor.clearance !== 'boss') throw identityErrors.PRIVACY_NOT_ALLOWED()
}

/** Whether the actor's key may be used with this personality. Throws KEY_PERSONALITY. */
export function authorizePersonality(actor: Actor, slug: string): void {
  if (actor.personalities && !actor.personalities.includes(slug)) {
    throw identityErrors.KEY_PERSONALITY({ data: { personality: slug } })
  }
}

/**
 * Runs `work` as each member of the current town in turn, with the clearance to see all but others' private rows, and
 * goes on as the actor: what is to be erased everywhere stands in private rows too, which nobody else sees.
 */
export async function asEachMember(tx: Tx, work: () => Promise<void>): Promise<void> {
  const before = await sql<{ user_id: string; clearance: string }>`
    select current_setting('app.user_id') as user_id, current_setting('app.clearance') as clearance`.execute(
    tx,
  )
  const become = (userId: string, clearance: string) =>
    sql`select set_config('app.user_id', ${userId}, true), set_config('app.clearance', ${clearance}, true)`.execute(
      tx,
    )
  const members = await sql<{ user_id: string }>`select user_id from identity.list_members()`.execute(tx)
  for (const { user_id: userId } of members.rows) {
    await become(userId, 'boss')
    await work()
  }
  await become(before.rows[0]!.user_id, before.rows[0]!.clearance)
}
