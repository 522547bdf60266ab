import type { Module } from '../../db/module.ts'
import { platformOperations } from './platform.operations.ts'

/** The installation itself: its state, and the founding of towns, which needs every module beneath it. */
export const platformModule: Module = {
  name: 'platform',
  dependsOn: ['town', 'identity', 'journal', 'persona', 'memory', 'crm'],
  tables: [],
  operations: platformOperations,
  sql: new URL('./sql/', import.meta.url),
}
