import { defineResource } from '../kit/index.ts'

export const workingMemory = defineResource({
  table: 'ai_working_memory',
  id: 'memory.working',
  thing: 'working_memory',
  things: 'working_memories',
  path: '/v1/working-memory',
  fields: [
    'personality_id',
    'memory_type',
    'content',
    'priority',
    'expires_at',
    'is_reminded',
    'metadata',
    'external_id',
  ],
  filters: ['personality_id', 'memory_type', 'external_id'],
  sorts: ['-created_at', '-priority', 'expires_at'],
  privacy: 'private',
  indexed: (row) => ({
    title: row.memory_type,
    content: [row.content],
    importance: row.priority,
    endsAt: row.expires_at,
  }),
})
