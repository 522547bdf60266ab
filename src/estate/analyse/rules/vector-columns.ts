import type { Estate } from '../estate.ts'
import type { ColumnState, TableState } from '../simulate/state.ts'

/** Columns of vectors that say their size. */
export function vectorColumns({
  variants,
}: Estate): { table: TableState; column: ColumnState; size: number }[] {
  return [...variants.values()].flat().flatMap(({ table }) =>
    [...table.columns.values()].flatMap((column) => {
      const size = /^(?:[\w"]+\.)?(?:half|sparse)?vec(?:tor)?\((\d+)\)/.exec(column.type)?.[1]
      return size === undefined ? [] : { table, column, size: Number(size) }
    }),
  )
}
