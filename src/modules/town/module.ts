import type { Module } from '../../db/module.ts'

/** Isolation units, and who owns or takes part in them. */
export const townModule: Module = {
  name: 'town',
  dependsOn: [],
  tables: [
    { name: 'organizations', kind: 'global', distribution: 'reference' },
    { name: 'towns', kind: 'global', distribution: 'reference' },
    { name: 'organization_towns', kind: 'global', distribution: 'reference' },
  ],
  operations: [],
  sql: new URL('./sql/', import.meta.url),
}
