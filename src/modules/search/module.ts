import type { Module } from '../../db/module.ts'

/** The one index over everything that can be recalled. */
export const searchModule: Module = {
  name: 'search',
  dependsOn: [],
  tables: [{ name: 'search_index', kind: 'sealed', distribution: 'distributed' }],
  operations: [],
  sql: new URL('./sql/', import.meta.url),
}
