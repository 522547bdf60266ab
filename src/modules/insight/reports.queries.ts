import { sql, type RawBuilder } from 'kysely'

import type { Tx } from '../../db/tx.ts'

type ReportRequest = {
  town: string
  conditions: RawBuilder<boolean>[]
  columns: readonly string[]
  /** Columns; - is downwards. */
  order: readonly string[]
  limit: number
}

/** Rows of a view, of those the actor sees. */
export async function readReport(
  tx: Tx,
  view: string,
  { town, conditions, columns, order, limit }: ReportRequest,
): Promise<Record<string, unknown>[]> {
  const sorts = order.map((name) =>
    name.startsWith('-') ? sql`${sql.ref(name.slice(1))} desc nulls last` : sql`${sql.ref(name)} nulls first`,
  )
  const result = await sql<Record<string, unknown>>`
    select ${sql.join(columns.map((name) => sql.ref(name)))} from ${sql.table(view)}
    where ${sql.join([sql<boolean>`town_id = ${town}`, ...conditions], sql` and `)}
    order by ${sql.join(sorts)} limit ${limit}`.execute(tx)
  return result.rows
}
