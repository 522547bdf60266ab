import type { Module } from '../../db/module.ts'
import { memoryOperations } from './memory.operations.ts'

/** What is remembered. */
export const memoryModule: Module = {
  name: 'memory',
  dependsOn: ['identity', 'journal', 'search', 'persona', 'conversation'],
  tables: [
    { name: 'ai_memories', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_memory_evidence', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: memoryOperations,
  sql: new URL('./sql/', import.meta.url),
}
