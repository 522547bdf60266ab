import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { pageInput, pageOutput, slugInput, timeOutput } from '../../kernel/input.ts'
import { listMoodEvents, type MoodEventRow } from './mood-events.queries.ts'

export const moodEventOutput = z.object({
  id: z.uuid(),
  personality: z.string(),
  userId: z.uuid(),
  previousMood: z.string().nullable(),
  newMood: z.string(),
  previousAttraction: z.int().nullable(),
  newAttraction: z.int().nullable(),
  previousGandhiGenghis: z.int().nullable(),
  newGandhiGenghis: z.int().nullable(),
  trigger: z.string(),
  explanation: z.string().nullable(),
  context: z.record(z.string(), z.unknown()),
  interface: z.string().nullable(),
  at: timeOutput,
})

/** A row of mood_events as callers see it. */
export function toMoodEvent(row: Omit<MoodEventRow, 'at_key'>): z.input<typeof moodEventOutput> {
  return {
    id: row.id,
    personality: row.personality,
    userId: row.user_id,
    previousMood: row.previous_mood,
    newMood: row.new_mood,
    previousAttraction: row.previous_attraction,
    newAttraction: row.new_attraction,
    previousGandhiGenghis: row.previous_gandhi_genghis,
    newGandhiGenghis: row.new_gandhi_genghis,
    trigger: row.trigger,
    explanation: row.explanation,
    context: row.context as Record<string, unknown>,
    interface: row.interface,
    at: row.at,
  }
}

const moodEvents = defineOperation({
  id: 'persona.mood_events',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists changes of mood and sliders, newest first.',
  http: 'GET /v1/mood-events',
  input: z.strictObject({
    personality: slugInput.optional().describe('Only this personality.'),
    ...pageInput,
  }),
  output: pageOutput(moodEventOutput),
  run: async (ctx, input) => {
    const rows = await listMoodEvents(ctx.tx, ctx.town, {
      personality: input.personality,
      slugs: ctx.actor.personalities,
      after: decodeCursor(input.cursor),
      limit: input.limit,
    })
    return toPage(rows, input.limit, {
      item: toMoodEvent,
      keyset: (row) => ({ value: row.at_key, id: row.id }),
    })
  },
})

export const moodEventOperations: readonly AnyOperation[] = [moodEvents]
