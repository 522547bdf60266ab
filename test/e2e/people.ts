import type { TownRole } from '../../src/kernel/context.ts'
import { newId } from '../../src/kernel/ids.ts'
import { makeKey } from '../../src/modules/identity/index.ts'
import type { Query } from './running-app.ts'

/** Somebody with a key of one town. */
export type Person = { userId: string; townId: string; key: string; keyId: string }

export type KeyLimits = {
  operations?: string[]
  personalities?: string[]
  expiresAt?: Date
  revokedAt?: Date
}

/** The id of the town `home`, which the first start made. */
export async function homeTown(query: Query): Promise<string> {
  const [town] = await query<{ id: string }>(`select id from town.towns where slug = 'home'`)
  return town!.id
}

/** The owner, with a further key of their own. */
export async function findOwnerPerson(query: Query): Promise<Person> {
  const [owner] = await query<{ user_id: string }>(
    `select user_id from identity.organization_members where role = 'owner'`,
  )
  return giveKey(query, { userId: owner!.user_id, townId: await homeTown(query) })
}

/** Adds a person to a town. No operation does that yet: invitations are a later matter. */
export async function addPerson(
  query: Query,
  person: { name: string; role: TownRole; townId: string },
): Promise<Person> {
  const userId = newId()
  const now = new Date()
  await query(
    `insert into identity.users (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $3, true, $4, $4)`,
    [userId, person.name, `${person.name}-${userId}@example.org`, now],
  )
  await joinTown(query, { userId, townId: person.townId, role: person.role })
  return giveKey(query, { userId, townId: person.townId })
}

/** Makes somebody a member of one more town. */
export async function joinTown(
  query: Query,
  member: { userId: string; townId: string; role: TownRole },
): Promise<void> {
  await query(
    `insert into identity.town_members (town_id, user_id, role, created_at) values ($1, $2, $3, $4)`,
    [member.townId, member.userId, member.role, new Date()],
  )
}

/** A key that acts as the person in the town, with limits. */
export async function giveKey(
  query: Query,
  owner: { userId: string; townId: string },
  limits: KeyLimits = {},
): Promise<Person> {
  const { key, prefix, hash } = makeKey()
  const keyId = newId()
  await query(
    `insert into identity.api_keys
       (id, town_id, user_id, name, prefix, key_hash, operations, personalities, created_at, expires_at, revoked_at)
     values ($1, $2, $3, 'test', $4, $5, $6, $7, $8, $9, $10)`,
    [
      keyId,
      owner.townId,
      owner.userId,
      prefix,
      hash,
      limits.operations ?? null,
      limits.personalities ?? null,
      new Date(),
      limits.expiresAt ?? null,
      limits.revokedAt ?? null,
    ],
  )
  return { ...owner, key, keyId }
}
