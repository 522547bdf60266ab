import type { Tx } from '../../db/tx.ts'
import { violates } from '../../db/sql-error.ts'
import { newId } from '../../kernel/ids.ts'
import { authenticate, findOwner, insertKey, insertOwner, insertTown, makeKey } from '../identity/index.ts'
import { recordAs } from '../journal/index.ts'
import { seedPersonas } from '../persona/index.ts'
import { platformErrors } from './platform.errors.ts'

export type NewTown = { slug: string; name: string }

/**
 * Makes a town with its personalities and the person as admin, and enters it: what follows in the transaction happens
 * there. Throws TOWN_SLUG_TAKEN.
 */
export async function foundTown(
  tx: Tx,
  userId: string,
  town: NewTown,
  origin: { operation: string; requestId: string; interface: string | null; at: Date },
): Promise<string> {
  const id = newId()
  try {
    await insertTown(tx, { id, ...town, createdAt: origin.at }, userId)
  } catch (error) {
    if (violates(error, 'towns_slug_key')) throw platformErrors.TOWN_SLUG_TAKEN({ data: { slug: town.slug } })
    throw error
  }
  await authenticate(tx, { kind: 'person', userId, town: id }, origin.at)
  await seedPersonas(tx, { town: id, userId, now: origin.at })
  await recordAs(tx, origin, {
    kind: 'town.created',
    entityKind: 'town',
    entityId: id,
    privacy: 'team',
    payload: { slug: town.slug },
    after: { slug: town.slug, name: town.name },
  })
  return id
}

export type FirstStart = { ownerId: string; email: string; key: string }

/** The owner's address until they change it; nothing is ever sent there. */
const OWNER_EMAIL = 'owner@home.invalid'

/**
 * Makes the owner, the town `home` and the owner's API key when there is nobody yet; null otherwise.
 * The key is in the answer only: the database keeps its hash.
 */
export async function foundHome(tx: Tx, now: Date, timeZone: string): Promise<FirstStart | null> {
  if (await findOwner(tx)) return null
  const ownerId = newId()
  await insertOwner(tx, {
    userId: ownerId,
    organizationId: newId(),
    name: 'Owner',
    email: OWNER_EMAIL,
    timeZone,
    createdAt: now,
  })
  const origin = { operation: 'platform.first_start', requestId: newId(), interface: null, at: now }
  await foundTown(tx, ownerId, { slug: 'home', name: 'Home' }, origin)
  const key = await replaceOwnerKey(tx, now)
  return { ownerId, email: OWNER_EMAIL, key }
}

/** Makes a new key for the owner in the town that was entered; for the first start, and when the key file is lost. */
export async function replaceOwnerKey(tx: Tx, now: Date): Promise<string> {
  const { key, prefix, hash } = makeKey()
  await insertKey(
    tx,
    { id: newId(), name: 'Owner key of this home', prefix, operations: null, personalities: null, created_at: now, expires_at: null },
    hash,
  )
  return key
}
