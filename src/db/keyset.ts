import { sql, type RawBuilder } from 'kysely'

import type { Keyset } from '../kernel/cursor.ts'

/**
 * The rows beyond a keyset, for a list ordered by (time, id) in one direction; every row without one.
 * The row comparison lets one index on both columns serve the page. Columns are `alias.column` names of ours.
 */
export function beyond(
  columns: [time: string, id: string],
  order: 'asc' | 'desc',
  keyset: Keyset | undefined,
): RawBuilder<boolean> {
  if (!keyset) return sql<boolean>`true`
  const row = sql`(${sql.ref(columns[0])}, ${sql.ref(columns[1])})`
  const at = sql`(${keyset.at}::timestamptz, ${keyset.id}::uuid)`
  return order === 'asc' ? sql<boolean>`${row} > ${at}` : sql<boolean>`${row} < ${at}`
}

/** A timestamp as the text a cursor keeps: microseconds that a JavaScript Date would lose. */
export function cursorTime(column: string): RawBuilder<string> {
  return sql<string>`${sql.ref(column)}::text`
}
