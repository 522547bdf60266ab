import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type TownRow = { id: string; slug: string; name: string; created_at: Date; created_at_key: string }

/** The towns of the person who acts, after a keyset, oldest first; the tables' policies decide which. */
export function listTowns(tx: Tx, page: { after: Keyset | undefined; limit: number }): Promise<TownRow[]> {
  let query = tx
    .selectFrom('towns')
    .select(['id', 'slug', 'name', 'created_at', sql<string>`created_at::text`.as('created_at_key')])
  if (page.after) {
    query = query.where(
      sql<boolean>`(created_at, id) > (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
    )
  }
  return query
    .orderBy('created_at')
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}
