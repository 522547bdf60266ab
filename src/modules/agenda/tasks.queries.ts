import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** The task and all that it is a step of, upwards, each with its row locked: a circle of changes is refused, not made. */
export async function findAncestors(tx: Tx, town: string, id: string): Promise<string[]> {
  const found: string[] = []
  let next: string | null = id
  while (next !== null && !found.includes(next)) {
    found.push(next)
    const result: { rows: { parent_task_id: string | null }[] } = await sql<{
      parent_task_id: string | null
    }>`
      select parent_task_id from tasks where town_id = ${town} and id = ${next} for update`.execute(tx)
    next = result.rows[0]?.parent_task_id ?? null
  }
  return found
}
