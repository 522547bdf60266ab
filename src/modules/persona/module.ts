import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { categories } from './categories.ts'
import { moods } from './moods.ts'
import { moodEventOperations } from './mood-events.operations.ts'
import { personalityOperations } from './personality.operations.ts'
import { promptOptimizations, reviews } from './reviews.ts'

const resources = [categories, moods, promptOptimizations, reviews]

/** Who the AI is. */
export const personaModule: Module = {
  name: 'persona',
  dependsOn: ['identity', 'journal', 'search'],
  tables: [
    { name: 'personality_categories', kind: 'tenant', distribution: 'distributed' },
    { name: 'moods', kind: 'tenant', distribution: 'distributed' },
    { name: 'personalities', kind: 'tenant', distribution: 'distributed' },
    { name: 'prompts', kind: 'tenant', distribution: 'distributed' },
    { name: 'personality_instances', kind: 'tenant', distribution: 'distributed' },
    { name: 'mood_events', kind: 'tenant', distribution: 'distributed' },
    { name: 'prompt_optimizations', kind: 'tenant', distribution: 'distributed' },
    { name: 'dungeon_master_reviews', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...personalityOperations, ...moodEventOperations, ...operationsOf(resources)]
  },
  sql: new URL('./sql/', import.meta.url),
}
