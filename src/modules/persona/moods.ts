import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { attractionInput, gandhiGenghisInput, keywordsInput } from './mood.ts'
import { personaErrors } from './persona.errors.ts'
import type { TriggerCondition } from './shipped/shipped.ts'

const conditionInput = z.strictObject({
  attractionMin: attractionInput.optional(),
  gandhiGenghisMin: gandhiGenghisInput.optional(),
  keywords: keywordsInput.optional(),
})

/**
 * The six moods of a town: every town has them from the start, and prompts, states and events name them. What calls for
 * them is the town's to change; nobody adds or removes one.
 */
export const moods = defineResource({
  table: 'moods',
  id: 'persona.moods',
  thing: 'mood',
  things: 'moods',
  path: '/v1/moods',
  fields: ['emoji', 'description', 'display_order', 'evaluation_order', 'is_active', 'trigger_conditions'],
  computed: ['name', 'is_default'],
  filters: ['name'],
  sorts: ['display_order'],
  privacy: 'public',
  writers: 'admin',
  verbs: ['list', 'get', 'update'],
  formats: { trigger_conditions: z.array(conditionInput).max(20) },
  complete: async (_, rows) =>
    rows.map(({ values: { trigger_conditions: conditions } }) => ({
      // Once edited it is the town's own, which upgrades leave alone.
      shipped_revision: null,
      ...(conditions === undefined ? {} : { trigger_conditions: toLowerCase(conditions) }),
    })),
  onChange: async (_, changes) => {
    // A mood that somebody does not see would be none that their sliders call for.
    if (changes.some(({ after }) => after?.privacy !== 'public')) throw personaErrors.MOOD_STAYS_PUBLIC()
  },
})

/** Keywords are compared in lower case. */
function toLowerCase(conditions: unknown): TriggerCondition[] {
  return (conditions as TriggerCondition[]).map(({ keywords, ...sliders }) => ({
    ...sliders,
    ...(keywords ? { keywords: keywords.map((word) => word.toLowerCase()) } : {}),
  }))
}
