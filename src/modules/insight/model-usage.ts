import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'

export const modelUsage = defineResource({
  table: 'ai_model_usage',
  id: 'insight.model_usage',
  thing: 'model_usage',
  things: 'model_usages',
  path: '/v1/model-usage',
  fields: [
    'model_name',
    'model_provider',
    'task_type',
    'user_id',
    'input_tokens',
    'output_tokens',
    'cost_micros',
    'latency_ms',
    'is_success',
    'error_message',
    'called_at',
    'details',
    'external_id',
  ],
  filters: ['model_name', 'task_type', 'user_id', 'external_id'],
  range: 'called_at',
  sorts: ['-called_at'],
  privacy: 'team',
  people: ['user_id'],
  // What a call used does not change afterwards.
  verbs: ['create', 'get', 'list', 'upsert'],
  derived: {
    totalTokens: {
      sql: sql`(r.input_tokens::bigint + r.output_tokens)`,
      output: z.int().describe('Tokens that it read and wrote.'),
    },
  },
})
