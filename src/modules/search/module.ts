import type { Module } from '../../db/module.ts'

/** The one index over everything that can be recalled; models of vectors, and what was searched for. */
export const searchModule: Module = {
  name: 'search',
  dependsOn: [],
  tables: [
    { name: 'search_index', kind: 'sealed', distribution: 'distributed' },
    { name: 'embedding_models', kind: 'tenant', distribution: 'distributed' },
    { name: 'embedding_cache', kind: 'tenant', distribution: 'distributed' },
    { name: 'search_history', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: [],
  sql: new URL('./sql/', import.meta.url),
}
