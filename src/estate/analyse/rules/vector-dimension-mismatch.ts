import { at, count, listed, tableRef, type Found, type Rule } from './rule.ts'
import { vectorColumns } from './vector-columns.ts'

/** Vectors of different sizes: those of one model have one size, and cannot be compared with others. */
export const vectorDimensionMismatch: Rule = {
  id: 'vector-dimension-mismatch',
  severity: 'warning',
  confidence: 'guessed',
  summary: 'Vectors of different sizes are kept for the same job.',
  why: 'Inserts of the other size fail, and the two cannot be compared.',
  fix: 'Give each column the size of the model that fills it, and store the name of the model beside the vector.',
  phase: 'types',
  action: (what) => `Agree on one vector size for ${what('object')}`,
  check: (estate) => {
    // Columns of other names hold other things, which may have other models.
    const byName = Map.groupBy(vectorColumns(estate), ({ column }) => column.name)
    return [...byName.values()].flatMap(foundAmong)
  },
}

type Column = ReturnType<typeof vectorColumns>[number]

/** The tables whose vectors are not of the size that most have. */
function foundAmong(columns: Column[]): Found[] {
  const bySize = [...Map.groupBy(columns, ({ size }) => size)].toSorted(
    ([a, one], [b, other]) => other.length - one.length || a - b,
  )
  const [usual, ...others] = bySize
  if (!usual || others.length === 0) return []
  const odd = others.flatMap(([, same]) => same)
  const example = usual[1][0]!
  return [...Map.groupBy(odd, ({ table }) => `${table.schema}.${table.name}`).values()].map((same) => ({
    object: tableRef(same[0]!.table),
    places: [...same.map(({ column }) => column.place), example.column.place],
    message: `${listed(same.map(({ table, column, size }) => `${table.name}.${column.name} holds vectors of ${size}`))}; ${count(usual[1].length, 'column')} of that name ${usual[1].length === 1 ? 'holds' : 'hold'} ${usual[0]}, such as ${example.table.name}.${example.column.name}.`,
    details: same.map(({ column, size }) => `${column.name} vector(${size}): ${at(column.place)}`),
  }))
}
