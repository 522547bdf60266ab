import type { Tx } from '../../db/tx.ts'
import { violates } from '../../db/sql-error.ts'
import { newId } from '../../kernel/ids.ts'
import {
  authenticate,
  findOwner,
  insertOwner,
  insertTown,
  listTownAdmins,
  storeKeyAs,
} from '../identity/index.ts'
import { seedCrm } from '../crm/index.ts'
import { recordAs } from '../journal/index.ts'
import { seedNoteCategories } from '../memory/index.ts'
import { refreshShipped, seedPersonas } from '../persona/index.ts'
import { seedTemplates } from '../simulation/index.ts'
import { platformErrors } from './platform.errors.ts'

export type NewTown = {
  slug: string
  name: string
  description?: string | undefined
  region?: string | undefined
}

/**
 * Makes a town with what is shipped and the person as admin, and enters it: what follows in the transaction happens
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
  await seedNoteCategories(tx, { town: id, userId, now: origin.at })
  await seedCrm(tx, { town: id, userId, now: origin.at })
  await seedTemplates(tx, { town: id, userId, now: origin.at })
  await recordAs(tx, origin, {
    kind: 'town.created',
    entityKind: 'town',
    entityId: id,
    privacy: 'team',
    payload: { slug: town.slug },
    after: { ...town },
  })
  return id
}

/** The owner's address until they change it with identity.me.update; nothing is ever sent there. */
const OWNER_EMAIL = 'owner@home.invalid'

/** Makes the owner and the town `home` when there is nobody yet; otherwise nothing. */
export async function foundHome(tx: Tx, now: Date, timeZone: string): Promise<void> {
  if (await findOwner(tx)) return
  const userId = newId()
  await insertOwner(tx, {
    userId,
    organizationId: newId(),
    name: 'Owner',
    email: OWNER_EMAIL,
    timeZone,
    createdAt: now,
  })
  const origin = { operation: 'platform.first_start', requestId: newId(), interface: null, at: now }
  await foundTown(tx, userId, { slug: 'home', name: 'Home' }, origin)
}

/** Makes a new key for the owner in the town that was entered; the key is in the answer only. */
export async function replaceOwnerKey(tx: Tx, ownerId: string, now: Date): Promise<string> {
  const origin = { operation: 'platform.replace_owner_key', requestId: newId(), interface: null, at: now }
  const { key } = await storeKeyAs(tx, origin, {
    userId: ownerId,
    name: 'Owner key of this home',
    operations: null,
    personalities: null,
    expiresAt: null,
  })
  return key
}

/** Brings the shipped personalities of every town to their newest revision, where nobody has edited them. */
export async function refreshTowns(tx: Tx, now: Date): Promise<void> {
  for (const { town_id: town, user_id: userId } of await listTownAdmins(tx)) {
    await authenticate(tx, { kind: 'person', userId, town }, now)
    await refreshShipped(tx, { town, userId, now })
  }
}
