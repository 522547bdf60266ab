import { sql, type RawBuilder } from 'kysely'

import type { Keyset, KeysetType } from '../kernel/cursor.ts'

const CASTS: Record<KeysetType, RawBuilder<unknown>> = {
  time: sql`timestamptz`,
  day: sql`date`,
  text: sql`text`,
  integer: sql`bigint`,
  number: sql`double precision`,
}

/**
 * The rows beyond a keyset, for a list ordered by (value, id) in one direction; every row without one.
 * Nulls come last in both directions. The row comparison lets one index on both columns serve the page. Columns are `alias.column` names of ours.
 */
export function beyond(
  columns: [value: string, id: string],
  order: 'asc' | 'desc',
  keyset: Keyset | undefined,
  { type = 'time', isNullable = false }: { type?: KeysetType; isNullable?: boolean } = {},
): RawBuilder<boolean> {
  if (!keyset) return sql<boolean>`true`
  const [value, id] = columns.map((column) => sql.ref(column)) as [RawBuilder<unknown>, RawBuilder<unknown>]
  const further = order === 'asc' ? sql`>` : sql`<`
  if (keyset.value === null) return sql<boolean>`(${value} is null and ${id} ${further} ${keyset.id}::uuid)`
  const isFurther = sql<boolean>`(${value}, ${id}) ${further} (${keyset.value}::${CASTS[type]}, ${keyset.id}::uuid)`
  return isNullable ? sql<boolean>`(${isFurther} or ${value} is null)` : isFurther
}

/** A timestamp as the text a cursor keeps: microseconds that a JavaScript Date would lose. */
export function cursorTime(column: string): RawBuilder<string> {
  return sql<string>`${sql.ref(column)}::text`
}
