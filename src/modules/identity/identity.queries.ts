import { sql } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type KeyRow = {
  id: string
  user_id: string
  name: string
  prefix: string
  issued_by: string
  operations: string[] | null
  personalities: string[] | null
  created_at: Date
  created_at_key: string
  expires_at: Date | null
  revoked_at: Date | null
}

/** The keys the actor may handle after a keyset, newest first. */
export async function listKeys(
  tx: Tx,
  page: { after: Keyset | undefined; limit: number },
): Promise<KeyRow[]> {
  const result = await sql<KeyRow>`
    select k.*, k.created_at::text as created_at_key from identity.list_keys() k
    where ${beyond(['k.created_at', 'k.id'], 'desc', page.after)}
    order by k.created_at desc, k.id desc limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** Stores a key of a member of the current town; answers who issued it, which is the actor. */
export async function insertKey(
  tx: Tx,
  key: {
    id: string
    user_id: string
    name: string
    prefix: string
    operations: string[] | null
    personalities: string[] | null
    created_at: Date
    expires_at: Date | null
  },
  hash: Buffer,
): Promise<string> {
  const result = await sql<{ issued_by: string }>`
    select identity.create_key(${JSON.stringify(key)}, ${hash}) as issued_by`.execute(tx)
  return result.rows[0]!.issued_by
}

/** Ends a key; undefined when the actor has no such key. */
export async function revokeKey(tx: Tx, id: string, now: Date): Promise<Date | undefined> {
  const result = await sql<{
    revoked_at: Date | null
  }>`select identity.revoke_key(${id}, ${now}) as revoked_at`.execute(tx)
  return result.rows[0]?.revoked_at ?? undefined
}

/** Makes the first person and their organization. */
export async function insertOwner(
  tx: Tx,
  owner: {
    userId: string
    organizationId: string
    name: string
    email: string
    timeZone: string
    createdAt: Date
  },
): Promise<void> {
  await sql`select identity.create_owner(${JSON.stringify(owner)})`.execute(tx)
}

/** Makes a town with the person as its admin. */
export async function insertTown(
  tx: Tx,
  town: {
    id: string
    slug: string
    name: string
    description?: string | undefined
    region?: string | undefined
    createdAt: Date
  },
  userId: string,
): Promise<void> {
  await sql`select identity.create_town(${JSON.stringify(town)}, ${userId})`.execute(tx)
}

/** The first owner of the installation; null before the first start. */
export async function findOwner(tx: Tx): Promise<string | null> {
  const result = await sql<{ owner: string | null }>`select identity.find_owner() as owner`.execute(tx)
  return result.rows[0]!.owner
}

/** Whether a key of this hash works in the current town, among those the actor may handle. */
export async function isLiveKey(tx: Tx, hash: Buffer, now: Date): Promise<boolean> {
  const result = await sql<{ live: boolean }>`select identity.is_live_key(${hash}, ${now}) as live`.execute(
    tx,
  )
  return result.rows[0]!.live
}

/** Every town with its first admin, as whom the installation works there. */
export async function listTownAdmins(tx: Tx): Promise<{ town_id: string; user_id: string }[]> {
  const result = await sql<{
    town_id: string
    user_id: string
  }>`select * from identity.list_town_admins()`.execute(tx)
  return result.rows
}

/** Puts the current town under a capital town, or with null under none; false where the actor is not a boss of both. */
export async function setCapital(tx: Tx, capital: string | null): Promise<boolean> {
  const result = await sql<{ done: boolean }>`select identity.set_capital(${capital}) as done`.execute(tx)
  return result.rows[0]!.done
}
