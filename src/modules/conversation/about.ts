import { defineResource } from '../kit/index.ts'
import { conversationErrors } from './conversation.errors.ts'
import { currencyInput } from '../../kernel/input.ts'

export const contextValues = defineResource({
  table: 'conversation_context',
  id: 'conversation.context_values',
  thing: 'context_value',
  things: 'context values',
  path: '/v1/context-values',
  fields: ['conversation_id', 'key', 'value', 'expires_at'],
  filters: ['conversation_id'],
  privacy: 'private',
  parent: 'conversation_id',
  violations: { conversation_context_key_key: () => conversationErrors.CONTEXT_KEY_THERE() },
})

export const analytics = defineResource({
  table: 'conversation_analytics',
  id: 'conversation.analytics',
  thing: 'conversation_measurement',
  things: 'conversation measurements',
  path: '/v1/conversation-analytics',
  fields: [
    'conversation_id',
    'satisfaction',
    'resolution_seconds',
    'interaction_count',
    'token_count',
    'cost_micros',
    'currency',
    'sentiment',
    'topics',
    'external_id',
  ],
  filters: ['conversation_id', 'external_id'],
  privacy: 'private',
  parent: 'conversation_id',
  formats: { currency: currencyInput },
})
