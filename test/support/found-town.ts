import type { TransactionMode } from '../../src/db/database.ts'
import type { Tx } from '../../src/db/tx.ts'
import type { Actor, TownRole } from '../../src/kernel/context.ts'
import { newId } from '../../src/kernel/ids.ts'
import {
  authenticate,
  findOwner,
  insertKey,
  insertOwner,
  insertTown,
  makeKey,
} from '../../src/modules/identity/index.ts'
import { seedNoteCategories } from '../../src/modules/memory/index.ts'
import { seedCrm } from '../../src/modules/crm/index.ts'
import { seedPersonas } from '../../src/modules/persona/index.ts'
import type { TestDatabase } from './test-database.ts'

/** Somebody who belongs to a town, with a key that opens it. */
export type Person = { userId: string; keyId: string; key: string; townId: string }

/** A town with somebody of each standing: `owner` is its admin, `member` and `other` are users, `guest` is readonly. */
export type Town = { id: string; slug: string; owner: Person; member: Person; other: Person; guest: Person }

type Founding = {
  slug?: string
  /** Whether what is shipped is copied into it: personalities, categories of notes, the pipeline, rules; true by default. */
  withPersonas?: boolean
  now?: Date
}

/** Founds a town as the first start does. Each call makes people of its own. */
export async function foundTown(test: TestDatabase, founding: Founding = {}): Promise<Town> {
  const now = founding.now ?? new Date()
  const town = { id: newId(), slug: founding.slug ?? 'home', name: founding.slug ?? 'Home', createdAt: now }
  const ownerId = await makeOwner(test, town.slug, now)
  await test.database.transaction('write', async (tx) => {
    await insertTown(tx, town, ownerId)
    await authenticate(tx, { kind: 'person', userId: ownerId, town: town.slug }, now)
    if (founding.withPersonas === false) return
    await seedPersonas(tx, { town: town.id, userId: ownerId, now })
    await seedNoteCategories(tx, { town: town.id, userId: ownerId, now })
    await seedCrm(tx, { town: town.id, userId: ownerId, now })
  })
  const join = (name: string, role: TownRole) => addMember(test, { town, name, role, now })
  return {
    id: town.id,
    slug: town.slug,
    owner: await giveKey(test, ownerId, { town, now }),
    member: await join('member', 'user'),
    other: await join('other', 'user'),
    guest: await join('guest', 'readonly'),
  }
}

/** Adds a person to a town, with a key. */
export async function addMember(
  test: TestDatabase,
  member: { town: { id: string; slug: string }; name: string; role: TownRole; now?: Date },
): Promise<Person> {
  const now = member.now ?? new Date()
  const userId = await insertUser(test, `${member.name}-${member.town.slug}`, now)
  await test.query(
    `insert into identity.town_members (town_id, user_id, role, created_at) values ($1, $2, $3, $4)`,
    [member.town.id, userId, member.role, now],
  )
  return giveKey(test, userId, { town: member.town, now })
}

/** Runs `work` in a transaction as the person, as every door does. */
export function actAs<T>(
  test: TestDatabase,
  person: Person,
  work: (tx: Tx, actor: Actor) => Promise<T>,
  mode: TransactionMode = 'write',
): Promise<T> {
  return test.database.transaction(mode, async (tx) => {
    const actor = await authenticate(tx, credentialOf(person), new Date())
    return work(tx, actor)
  })
}

/** The person's key, as a door hands it on. */
export function credentialOf(person: Person): Parameters<typeof authenticate>[1] {
  return { kind: 'key', key: person.key }
}

async function makeOwner(test: TestDatabase, slug: string, now: Date): Promise<string> {
  const existing = await test.database.transaction('read', findOwner)
  if (existing !== null) return insertUser(test, `owner-${slug}`, now)
  const userId = newId()
  await test.database.transaction('write', (tx) =>
    insertOwner(tx, {
      userId,
      organizationId: newId(),
      name: 'Owner',
      email: `owner-${slug}@example.org`,
      timeZone: 'UTC',
      createdAt: now,
    }),
  )
  return userId
}

async function insertUser(test: TestDatabase, name: string, now: Date): Promise<string> {
  const userId = newId()
  await test.query(
    `insert into identity.users (id, name, email, created_at, updated_at) values ($1, $2, $3, $4, $4)`,
    [userId, name, `${name}@example.org`, now],
  )
  return userId
}

async function giveKey(
  test: TestDatabase,
  userId: string,
  { town, now }: { town: { id: string; slug: string }; now: Date },
): Promise<Person> {
  const { key, prefix, hash } = makeKey()
  const keyId = newId()
  await test.database.transaction('write', async (tx) => {
    await authenticate(tx, { kind: 'person', userId, town: town.id }, now)
    const row = { id: keyId, user_id: userId, name: 'test', prefix, operations: null, personalities: null }
    await insertKey(tx, { ...row, created_at: now, expires_at: null }, hash)
  })
  return { userId, keyId, key, townId: town.id }
}
