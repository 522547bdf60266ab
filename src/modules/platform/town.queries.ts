import { beyond, cursorTime } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type TownRow = {
  id: string
  slug: string
  name: string
  description: string | null
  region: string | null
  created_at: Date
  created_at_key: string
}

/** The towns of the person who acts, after a keyset, oldest first; the tables' policies decide which. */
export function listTowns(tx: Tx, page: { after: Keyset | undefined; limit: number }): Promise<TownRow[]> {
  return tx
    .selectFrom('towns')
    .select([
      'id',
      'slug',
      'name',
      'description',
      'region',
      'created_at',
      cursorTime('created_at').as('created_at_key'),
    ])
    .where(beyond(['created_at', 'id'], 'asc', page.after))
    .orderBy('created_at')
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}
