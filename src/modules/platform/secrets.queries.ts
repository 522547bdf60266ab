import type { Insertable, Selectable, Updateable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { Secrets } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type SecretRow = Selectable<Secrets>

export async function insertSecret(tx: Tx, row: Insertable<Secrets>): Promise<SecretRow> {
  return tx.insertInto('secrets').values(row).returningAll().executeTakeFirstOrThrow()
}

/** The secret of that id with its row locked, or undefined. */
export function lockSecret(tx: Tx, town: string, id: string): Promise<SecretRow | undefined> {
  return tx
    .selectFrom('secrets')
    .selectAll()
    .where('town_id', '=', town)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The secrets of that service and name for the town, and for one thing where it is named; that one first. */
export function findSecrets(
  tx: Tx,
  town: string,
  name: { service: string; keyName: string; scopeIds: string[] },
): Promise<SecretRow[]> {
  return tx
    .selectFrom('secrets')
    .selectAll()
    .where('town_id', '=', town)
    .where('service', '=', name.service)
    .where('key_name', '=', name.keyName)
    .where('scope_id', 'in', name.scopeIds)
    .orderBy('scope_id', 'desc')
    .execute()
}

export async function updateSecret(
  tx: Tx,
  { town, id }: { town: string; id: string },
  change: Updateable<Secrets>,
): Promise<SecretRow> {
  return tx
    .updateTable('secrets')
    .set(change)
    .where('town_id', '=', town)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function deleteSecret(tx: Tx, town: string, id: string): Promise<void> {
  await tx.deleteFrom('secrets').where('town_id', '=', town).where('id', '=', id).execute()
}

/** Secrets after a keyset, newest first. */
export function listSecrets(
  tx: Tx,
  town: string,
  page: { service: string | undefined; after: Keyset | undefined; limit: number },
): Promise<(SecretRow & { created_at_key: string })[]> {
  let query = tx
    .selectFrom('secrets as s')
    .selectAll('s')
    .select(cursorTime('s.created_at').as('created_at_key'))
    .where('s.town_id', '=', town)
  if (page.service !== undefined) query = query.where('s.service', '=', page.service)
  return query
    .where(beyond(['s.created_at', 's.id'], 'desc', page.after))
    .orderBy('s.created_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
