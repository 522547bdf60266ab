import { z } from 'zod'

import { jsonInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'

export const conversationContexts = defineResource({
  table: 'ai_conversation_contexts',
  id: 'presence.contexts',
  thing: 'conversation_context',
  things: 'conversation contexts',
  path: '/v1/conversation-contexts',
  fields: [
    'personality_id',
    'user_id',
    'interface',
    'summary',
    'active_topics',
    'last_messages',
    'started_at',
    'last_message_at',
    'status',
    'external_id',
  ],
  filters: ['personality_id', 'user_id', 'interface', 'status', 'external_id'],
  sorts: ['-created_at', '-last_message_at'],
  privacy: 'private',
  people: ['user_id'],
  formats: { last_messages: z.array(jsonInput(65_536)).max(100) },
})

export const behaviors = defineResource({
  table: 'ai_behavior_effectiveness',
  id: 'presence.behaviors',
  thing: 'behavior',
  things: 'behaviors',
  path: '/v1/behavior-effectiveness',
  fields: [
    'personality_id',
    'behavior',
    'context',
    'outcome',
    'effectiveness',
    'interface',
    'at',
    'external_id',
  ],
  filters: ['personality_id', 'behavior', 'interface', 'external_id'],
  sorts: ['-created_at', '-at'],
  range: 'at',
  privacy: 'team',
})
