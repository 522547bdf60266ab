import type { Module } from '../../db/module.ts'
import { moodEventOperations } from './mood-events.operations.ts'
import { personalityOperations } from './personality.operations.ts'

/** Who the AI is. */
export const personaModule: Module = {
  name: 'persona',
  dependsOn: ['identity', 'journal'],
  tables: [
    { name: 'personality_categories', kind: 'tenant', distribution: 'distributed' },
    { name: 'moods', kind: 'tenant', distribution: 'distributed' },
    { name: 'personalities', kind: 'tenant', distribution: 'distributed' },
    { name: 'prompts', kind: 'tenant', distribution: 'distributed' },
    { name: 'personality_instances', kind: 'tenant', distribution: 'distributed' },
    { name: 'mood_events', kind: 'tenant', distribution: 'distributed' },
  ],
  operations: [...personalityOperations, ...moodEventOperations],
  sql: new URL('./sql/', import.meta.url),
}
