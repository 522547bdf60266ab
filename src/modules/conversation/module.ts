import type { Module } from '../../db/module.ts'
import { contextOperations } from './context.operations.ts'
import { conversationOperations } from './conversation.operations.ts'
import { sendOperations } from './send.operations.ts'

/** What was said, and the next reply. */
export const conversationModule: Module = {
  name: 'conversation',
  dependsOn: ['identity', 'journal', 'search', 'persona', 'presence'],
  tables: [
    { name: 'conversations', kind: 'tenant', distribution: 'distributed' },
    { name: 'messages', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: [...conversationOperations, ...contextOperations, ...sendOperations],
  sql: new URL('./sql/', import.meta.url),
}
