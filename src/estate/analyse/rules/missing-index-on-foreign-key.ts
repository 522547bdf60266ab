import { wholeTables, type WholeTable } from '../protection.ts'
import type { KeyState } from '../simulate/state.ts'
import { count, listed, tableRef, type Rule } from './rule.ts'

/** A foreign key whose columns no index begins with: each delete of what it refers to reads the whole table. */
export const missingIndexOnForeignKey: Rule = {
  id: 'missing-index-on-foreign-key',
  severity: 'info',
  confidence: 'read',
  summary: 'A foreign key has no index on its columns.',
  why: 'Deleting a row that is referred to reads the whole table.',
  fix: 'Create an index that begins with the columns of the key.',
  phase: 'indexes',
  action: (what) => `Index the foreign keys of ${what('table')}`,
  check: (estate) =>
    wholeTables(estate).flatMap((whole) => {
      const bare = whole.table.keys.filter((key) => key.kind === 'foreign' && !isIndexed(whole, key))
      if (bare.length === 0) return []
      const names = [...new Set(bare.map(({ columns }) => columns.join(', ')))]
      return {
        object: tableRef(whole.table),
        places: bare.map(({ place }) => place),
        message: `${count(names.length, 'foreign key')} of ${whole.table.name} ${names.length === 1 ? 'has' : 'have'} no index: ${listed(names)}.`,
      }
    }),
}

function isIndexed({ table, indexes }: WholeTable, key: KeyState): boolean {
  const unique = table.keys
    .filter(({ kind }) => kind === 'primary' || kind === 'unique')
    .map(({ columns }) => columns)
  const plain = indexes
    .filter(({ method, isPartial }) => (method === 'btree' || method === 'hash') && !isPartial)
    .map(({ columns }) => columns)
  return [...unique, ...plain].some((columns) => {
    const first = new Set(columns.slice(0, key.columns.length))
    return key.columns.every((name) => first.has(name))
  })
}
