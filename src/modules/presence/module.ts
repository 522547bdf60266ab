import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { interfaces } from './interfaces.ts'
import { notificationOperations } from './notifications.operations.ts'
import { deliveries, notifications } from './notifications.ts'
import { presenceOperations } from './presence.operations.ts'
import { behaviors, conversationContexts } from './talks.ts'

const resources = [interfaces, notifications, deliveries, conversationContexts, behaviors]

/** One state in every interface. */
export const presenceModule: Module = {
  name: 'presence',
  dependsOn: ['identity', 'journal', 'search', 'persona'],
  tables: [
    { name: 'ai_personality_state', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_state_history', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_personality_instances', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_notifications', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_notification_delivery', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_conversation_contexts', kind: 'tenant', distribution: 'distributed' },
    { name: 'ai_behavior_effectiveness', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...presenceOperations, ...notificationOperations, ...operationsOf(resources)]
  },
  sql: new URL('./sql/', import.meta.url),
}
