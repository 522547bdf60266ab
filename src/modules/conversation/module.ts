import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { analytics, contextValues } from './about.ts'
import { contextOperations } from './context.operations.ts'
import { conversationChangeOperations } from './conversation-change.operations.ts'
import { conversationOperations } from './conversation.operations.ts'
import { messageOperations } from './messages.operations.ts'
import { sendOperations } from './send.operations.ts'

const resources = [contextValues, analytics]

/** What was said, and the next reply. */
export const conversationModule: Module = {
  name: 'conversation',
  dependsOn: ['identity', 'journal', 'search', 'persona', 'presence'],
  tables: [
    { name: 'conversations', kind: 'tenant', distribution: 'distributed' },
    { name: 'messages', kind: 'tenant', distribution: 'distributed' },
    { name: 'messages_history', kind: 'tenant', distribution: 'distributed' },
    { name: 'conversation_context', kind: 'tenant', distribution: 'distributed' },
    { name: 'conversation_analytics', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [
      ...conversationOperations,
      ...conversationChangeOperations,
      ...contextOperations,
      ...sendOperations,
      ...messageOperations,
      ...operationsOf(resources),
    ]
  },
  sql: new URL('./sql/', import.meta.url),
}
