import { z } from 'zod'

import type { MoodName } from './shipped/shipped.ts'

/** The six moods, default first. */
export const MOODS = [
  'friendly',
  'focused',
  'playful',
  'bossy',
  'surprised',
  'blushing',
] as const satisfies readonly MoodName[]

export const moodInput = z.enum(MOODS).describe('One of the six moods.')
export const attractionInput = z.int().min(1).max(11).describe('1 (professional) to 11.')
export const gandhiGenghisInput = z.int().min(1).max(10).describe('1 (gentle) to 10 (forceful).')
export const keywordsInput = z
  .array(
    z
      .string()
      .min(1)
      .max(100)
      .refine(
        (value) => !value.includes('\u0000') && value.isWellFormed(),
        'must be valid Unicode without NUL',
      ),
  )
  .max(50)
  .describe('Words that say what it is about; moods listen for some of them.')
