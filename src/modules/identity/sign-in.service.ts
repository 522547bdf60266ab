import { createHash, randomBytes } from 'node:crypto'

import { sql, type RawBuilder } from 'kysely'

import type { AnyOperation, Ctx } from '../../db/operation.ts'
import { runWith, type Tx } from '../../db/tx.ts'
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
  const { rows } = await signIn(credential, now).execute(tx)
  return enter(rows, credential)
}

/** The same, together with what `first` asks: nobody is somebody before the statements of `first` run. */
export async function authenticateWith<T>(
  tx: Tx,
  by: { credential: SignInCredential; now: Date },
  first: () => Promise<T>,
): Promise<{ actor: Actor; first: T }> {
  const { rows, next } = await runWith(tx, signIn(by.credential, by.now), first)
  return { actor: enter(rows, by.credential), first: next }
}

type SignIn = { actor: Authenticated }

function signIn(credential: SignInCredential, now: Date): RawBuilder<SignIn> {
  if (!credential) throw identityErrors.UNAUTHENTICATED()
  return credential.kind === 'key'
    ? sql`select identity.authenticate_key(${hashKey(credential.key)}, ${now}) as actor`
    : sql`select identity.authenticate_user(${credential.userId}, ${credential.town}, ${now}) as actor`
}

function enter(rows: SignIn[], credential: SignInCredential): Actor {
  const { actor } = rows[0]!
  if (!('refused' in actor)) {
    const town = credential?.town
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

/** Refuses a key that is limited to operations or personalities: what is made must not reach further. Throws KEY_SCOPE. */
export function authorizeUnlimited(actor: Actor): void {
  if (actor.operations) throw identityErrors.KEY_SCOPE({ message: 'A limited API key cannot do this.' })
  authorizeAllPersonalities(actor)
}

/** Refuses a key that its own person did not issue: this reaches beyond the town that it opens. Throws KEY_NOT_OWN. */
export function authorizeOwn(actor: Actor): void {
  if (!actor.isOwn) throw identityErrors.KEY_NOT_OWN()
}

/** Refuses a key that is made for some personalities: this is about the whole town. Throws KEY_SCOPE. */
export function authorizeAllPersonalities(actor: Actor): void {
  if (actor.personalities) {
    throw identityErrors.KEY_SCOPE({ message: 'An API key for some personalities cannot do this.' })
  }
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

const SETTINGS = [
  'app.town_id',
  'app.user_id',
  'app.key_id',
  'app.clearance',
  'app.town_ids',
  'app.organization_ids',
]

/** Runs `work`, which changes who acts and where, and goes on as the actor in their own town. */
export async function returning<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const settings = await sql<{ name: string; value: string }>`
    select name, coalesce(current_setting(name, true), '') as value
    from unnest(${SETTINGS}::text[]) name`.execute(tx)
  const result = await work()
  for (const { name, value } of settings.rows) {
    await sql`select set_config(${name}, ${value}, true)`.execute(tx)
  }
  return result
}

/**
 * Runs `work` as the same person in another of their towns, named by slug or id. Only for people's own keys without
 * limits: others are for things of the town they open. Throws NO_TOWN, KEY_SCOPE, KEY_NOT_OWN, and FORBIDDEN where their
 * role there does not allow it.
 */
export async function inTown<T>(
  ctx: Ctx,
  { town, needs }: { town: string; needs: TownRole },
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  if (town === ctx.actor.townSlug || town === ctx.town) return work(ctx)
  authorizeUnlimited(ctx.actor)
  authorizeOwn(ctx.actor)
  return returning(ctx.tx, async () => {
    const there = await authenticate(
      ctx.tx,
      { kind: 'person', userId: ctx.actor.userId, town },
      ctx.clock.now(),
    )
    authorize(there, { id: ctx.operation, access: needs })
    const { keyId, keyExpiresAt } = ctx.actor
    await sql`select set_config('app.key_id', ${keyId ?? ''}, true)`.execute(ctx.tx)
    return work({ ...ctx, town: there.townId, actor: { ...there, keyId, keyExpiresAt } })
  })
}
