import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** What tasks are steps of, with their rows locked: a circle of changes at the same time is refused, not made. */
export async function lockParents(
  tx: Tx,
  town: string,
  ids: string[],
): Promise<{ id: string; parent_task_id: string | null }[]> {
  const result = await sql<{ id: string; parent_task_id: string | null }>`
    select id, parent_task_id from tasks where town_id = ${town} and id = any(${ids}::uuid[])
    order by id for update`.execute(tx)
  return result.rows
}
