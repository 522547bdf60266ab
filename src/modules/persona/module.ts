import type { Module } from '../../db/module.ts'
import { personalityOperations } from './personality.operations.ts'
import { settingsOperations } from './settings.operations.ts'

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
  operations: [...personalityOperations, ...settingsOperations],
  sql: new URL('./sql/', import.meta.url),
}
