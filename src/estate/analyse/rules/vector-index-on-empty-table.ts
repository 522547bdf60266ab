import { at, tableRef, type Rule } from './rule.ts'

/** An ivfflat index takes its lists from the rows that are there when it is built. */
export const vectorIndexOnEmptyTable: Rule = {
  id: 'vector-index-on-empty-table',
  severity: 'warning',
  confidence: 'read',
  summary: 'An ivfflat index is built before there are rows.',
  why: 'Its lists are made from nothing, and it finds little.',
  fix: 'Build it when the table is filled, or use hnsw, which needs no rows to begin with.',
  phase: 'indexes',
  action: (what) => `Build ${what('vector index', 'vector indexes')} after loading rows, or use hnsw`,
  check: ({ simulated }) => {
    const found = simulated.flatMap(({ tables }) =>
      [...tables.values()].flatMap((table) => {
        const indexes = table.indexes.filter(({ method }) => method === 'ivfflat')
        return indexes.length === 0 || table.hasRows ? [] : { table, indexes }
      }),
    )
    return [...Map.groupBy(found, ({ table }) => `${table.schema}.${table.name}`).values()].map((same) => {
      const indexes = same.flatMap((one) => one.indexes)
      return {
        object: tableRef(same[0]!.table),
        places: indexes.map(({ place }) => place),
        message: `${indexes.map((index) => index.name ?? 'an index').join(', ')} of ${same[0]!.table.name} ${indexes.length === 1 ? 'is' : 'are'} built right after the table, at ${at(indexes[0]!.place)}.`,
      }
    })
  },
}
