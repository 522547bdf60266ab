import type { TownRole } from '../../src/kernel/context.ts'
import { newId } from '../../src/kernel/ids.ts'
import { makeKey } from '../../src/modules/identity/index.ts'
import type { TestDoor } from './door.ts'
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

/** Adds a person to the town of an admin, as the admin does it; who may sign in and make a key of their own does so. */
export async function addPerson(
  admin: TestDoor,
  person: { name: string; role: TownRole; townId: string },
): Promise<Person> {
  const { member, apiKey } = await admin.call('identity.members.add', {
    name: person.name,
    role: person.role,
    email: `${person.name}-${newId()}@example.org`,
  })
  const { userId } = member
  if (person.role === 'readonly') {
    return { userId, townId: person.townId, key: apiKey.key, keyId: apiKey.id }
  }
  const { link } = await admin.call('identity.sign_in_link', { person: member.email })
  const { key, id } = await signInForKey(link)
  return { userId, townId: person.townId, key, keyId: id }
}

/** Opens a sign-in link and makes a key in the session. */
async function signInForKey(link: string): Promise<{ key: string; id: string }> {
  const opened = await fetch(link, { redirect: 'manual' })
  const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!
  const { origin } = new URL(link)
  const made = await fetch(`${origin}/v1/api-keys`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'own' }),
  })
  return (await made.json()) as { key: string; id: string }
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
       (id, town_id, user_id, name, prefix, key_hash, issued_by, operations, personalities, created_at, expires_at, revoked_at)
     values ($1, $2, $3, 'test', $4, $5, $3, $6, $7, $8, $9, $10)`,
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
