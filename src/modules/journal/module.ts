import type { Module } from '../../db/module.ts'

/** The event stream, the audit log and kept replies. */
export const journalModule: Module = {
  name: 'journal',
  dependsOn: [],
  tables: [
    { name: 'heads', kind: 'sealed', distribution: 'distributed' },
    { name: 'events', kind: 'tenant', distribution: 'distributed', grants: ['select'] },
    { name: 'audit_log', kind: 'tenant', distribution: 'distributed', grants: ['select'] },
    { name: 'idempotency_keys', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: [],
  sql: new URL('./sql/', import.meta.url),
}
