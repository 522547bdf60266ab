import type { Module } from '../../db/module.ts'
import { presenceOperations } from './presence.operations.ts'

/** One state in every interface. */
export const presenceModule: Module = {
  name: 'presence',
  dependsOn: ['identity', 'journal', 'persona'],
  tables: [
    { name: 'ai_personality_state', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_state_history', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: presenceOperations,
  sql: new URL('./sql/', import.meta.url),
}
