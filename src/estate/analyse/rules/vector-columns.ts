import type { Estate } from '../estate.ts'
import type { ColumnState, TableState } from '../simulate/state.ts'

/** Columns of vectors that say their size. Sparse ones, whose size is that of a vocabulary, are left out. */
export function vectorColumns({
  variants,
}: Estate): { table: TableState; column: ColumnState; size: number }[] {
  return [...variants.values()].flat().flatMap(({ table }) =>
    [...table.columns.values()].flatMap((column) => {
      const size = /^(?:[\w"]+\.)?(?:vector|halfvec)\((\d+)\)/.exec(column.type)?.[1]
      return size === undefined ? [] : { table, column, size: Number(size) }
    }),
  )
}
