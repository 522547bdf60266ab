import type { IndexState, KeyState, TableState } from '../simulate/state.ts'

/** Columns that no two rows have alike. */
export type UniqueKey = { columns: string[]; isPartial: boolean }

/** What `on conflict` relies on: columns, or a constraint by its name. */
export type ConflictTarget = { columns: string[] | null; constraint: string | null; hasFilter: boolean }

/** The unique keys and indexes of a table, as far as they are on columns. */
export const uniqueKeysOf = ({ keys, indexes }: Pick<TableState, 'keys' | 'indexes'>): UniqueKey[] => [
  ...keys.flatMap(uniqueKeyOf),
  ...indexes.flatMap(uniqueIndexOf),
]

export const uniqueKeyOf = ({ kind, columns }: Pick<KeyState, 'kind' | 'columns'>): UniqueKey[] =>
  kind === 'primary' || kind === 'unique' ? [{ columns, isPartial: false }] : []

export function uniqueIndexOf({
  isUnique,
  columns,
  isPartial,
}: Pick<IndexState, 'isUnique' | 'columns' | 'isPartial'>): UniqueKey[] {
  const names = columns.filter((name) => name !== null)
  return isUnique && names.length === columns.length ? [{ columns: names, isPartial }] : []
}

/** Whether the server would take the key for the target: the same columns in any order, and no filter unless the target has one. */
export const isKeyFor = ({ columns, hasFilter }: ConflictTarget, key: UniqueKey): boolean =>
  columns !== null &&
  (hasFilter || !key.isPartial) &&
  columns.every((name) => key.columns.includes(name)) &&
  key.columns.every((name) => columns.includes(name))

/** As the statement writes it. */
export const targetText = ({ columns, constraint }: ConflictTarget): string =>
  columns === null ? `on conflict on constraint ${constraint}` : `on conflict (${columns.join(', ')})`
