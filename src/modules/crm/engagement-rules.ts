import { z } from 'zod'

import { defineResource } from '../kit/index.ts'

const count = z.int().min(0).max(1_000_000)

/** What a sign must be besides its kind, as rules name it. */
export const conditionsInput = z.strictObject({
  direction: z.enum(['inbound', 'outbound', 'internal']).optional(),
  minSeconds: count.optional().describe('Least time spent, in seconds.'),
  minViews: count.optional().describe('Fewest pages of a visit.'),
})

/** A factor that is nothing or big enough to count: products of smaller ones are no numbers any more. */
const factorInput = (max: number) =>
  z
    .number()
    .min(0)
    .max(max)
    .refine((value) => value === 0 || value >= 0.0001, 'must be 0 or at least 0.0001')

export const engagementRules = defineResource({
  table: 'engagement_rules',
  id: 'crm.engagement_rules',
  thing: 'engagement_rule',
  things: 'engagement_rules',
  path: '/v1/engagement-rules',
  fields: [
    'name',
    'signal',
    'conditions',
    'base_score',
    'multiplier',
    'max_score',
    'decay_hours',
    'decay_factor',
    'is_active',
    'priority',
    'external_id',
  ],
  filters: ['external_id'],
  sorts: ['-priority'],
  privacy: 'public',
  formats: {
    conditions: conditionsInput,
    base_score: factorInput(10),
    multiplier: factorInput(10),
    decay_factor: factorInput(1),
  },
})
