import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'
import { pageInput, pageOutput, slugInput, timeOutput } from '../../kernel/input.ts'
import { attractionInput, gandhiGenghisInput, MOODS, moodInput } from './mood.ts'
import { listMoodEvents, type MoodEventRow } from './mood-events.queries.ts'
import { getPersonality, getSliders, recordMoodChange } from './persona.service.ts'
import { calculateMood, saveInstance } from './personality.queries.ts'

const settings = defineOperation({
  id: 'persona.settings',
  kind: 'command',
  access: 'user',
  summary:
    'Sets your own sliders and mood for a personality; attraction is held to your ceiling, and the answer says so.',
  http: 'PATCH /v1/personalities/{slug}/instance',
  input: z.strictObject({
    slug: slugInput,
    attraction: attractionInput.nullable().optional().describe('1-11; null goes back to the personality’s.'),
    gandhiGenghis: gandhiGenghisInput
      .nullable()
      .optional()
      .describe('1-10; null goes back to the personality’s.'),
    mood: moodInput
      .nullable()
      .optional()
      .describe('A mood to pin for you; null goes back to the shared one.'),
  }),
  output: z.object({
    personality: z.string(),
    attraction: z.int(),
    gandhiGenghis: z.int(),
    mood: z.enum(MOODS).nullable().describe('The mood you pinned; null means the shared one.'),
    attractionCeiling: z.int(),
    clamped: z.boolean().describe('Whether the attraction asked for was above your ceiling.'),
    notice: z.string().nullable(),
  }),
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const { instance, ...before } = await getSliders(ctx, personality)
    const ceiling = ctx.actor.attractionCeiling
    const clamped = typeof input.attraction === 'number' && input.attraction > ceiling
    const asked = input.attraction === undefined ? (instance?.attraction ?? null) : input.attraction
    const row = {
      town_id: ctx.town,
      id: instance?.id ?? newId(),
      personality_id: personality.id,
      user_id: ctx.actor.userId,
      attraction: asked === null ? null : Math.min(asked, ceiling),
      gandhi_genghis:
        input.gandhiGenghis === undefined ? (instance?.gandhi_genghis ?? null) : input.gandhiGenghis,
      mood: input.mood === undefined ? (instance?.mood ?? null) : input.mood,
      last_active_at: ctx.clock.now(),
      privacy: 'private' as const,
      created_by: ctx.actor.userId,
    }
    await saveInstance(ctx.tx, row)
    const after = {
      attraction: Math.min(row.attraction ?? personality.attraction, ceiling),
      gandhiGenghis: row.gandhi_genghis ?? personality.gandhi_genghis,
    }
    const previousMood = (instance?.mood ?? null) as (typeof MOODS)[number] | null
    await recordMoodChange(ctx, {
      personality,
      previousMood,
      newMood: (row.mood ?? (await calculateMood(ctx.tx, after, []))) as (typeof MOODS)[number],
      sliders: {
        previousAttraction: before.attraction,
        newAttraction: after.attraction,
        previousGandhiGenghis: before.gandhiGenghis,
        newGandhiGenghis: after.gandhiGenghis,
      },
      trigger: 'settings',
      explanation: null,
      context: clamped ? { requestedAttraction: input.attraction } : {},
      interface: null,
      privacy: 'private',
    })
    return {
      personality: personality.slug,
      ...after,
      mood: row.mood as (typeof MOODS)[number] | null,
      attractionCeiling: ceiling,
      clamped,
      notice: clamped
        ? `Attraction ${input.attraction} is above your ceiling; it was set to ${ceiling}.`
        : null,
    }
  },
})

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
    return toPage(rows, input.limit, { item: toMoodEvent, keyset: (row) => ({ at: row.at_key, id: row.id }) })
  },
})

export const settingsOperations: readonly AnyOperation[] = [settings, moodEvents]
