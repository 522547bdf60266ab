import { z } from 'zod'

import { defineOperation, type Ctx } from '../../db/operation.ts'
import { newId } from '../../kernel/ids.ts'
import { slugInput, textInput } from '../../kernel/input.ts'
import {
  attractionInput,
  gandhiGenghisInput,
  getPersonality,
  getSliders,
  moodInput,
  MOODS,
  recordMoodChange,
  saveInstance,
  type MoodName,
  type PersonalityRow,
  type Sliders,
} from '../persona/index.ts'
import { readState } from './state.service.ts'

/** Settings that are neither mood nor slider: the event of their change keeps them as its context. */
const LOOKS = ['cocktail_lightning', 'expression', 'mode']

// What a pinned mood gives way to is the shared state, which stands above persona; the name is the one callers look for.
/** `persona.settings`. */
export const settings = defineOperation({
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
    cocktailLightning: z.int().min(0).max(100).nullable().optional().describe('A third slider, 0-100.'),
    expression: textInput(100).nullable().optional().describe('Face that it shows you.'),
    mode: textInput(50).nullable().optional().describe('Mode for you; null goes back to the shared one.'),
  }),
  output: z.object({
    personality: z.string(),
    attraction: z.int(),
    gandhiGenghis: z.int(),
    mood: z.enum(MOODS).nullable().describe('The mood you pinned; null means the shared one.'),
    cocktailLightning: z.int().nullable(),
    expression: z.string().nullable(),
    mode: z.string().nullable(),
    attractionCeiling: z.int(),
    clamped: z.boolean().describe('Whether the attraction asked for was above your ceiling.'),
    notice: z.string().nullable(),
  }),
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const { instance, ...before } = await getSliders(ctx, personality)
    const ceiling = ctx.actor.attractionCeiling
    const kept = keptOf(instance)
    const clamped = typeof input.attraction === 'number' && input.attraction > ceiling
    const asked = input.attraction === undefined ? kept.attraction : input.attraction
    const wanted = {
      attraction: asked === null ? null : Math.min(asked, ceiling),
      gandhi_genghis: input.gandhiGenghis === undefined ? kept.gandhi_genghis : input.gandhiGenghis,
      mood: input.mood === undefined ? kept.mood : input.mood,
      cocktail_lightning:
        input.cocktailLightning === undefined ? kept.cocktail_lightning : input.cocktailLightning,
      expression: input.expression === undefined ? kept.expression : input.expression,
      mode: input.mode === undefined ? kept.mode : input.mode,
    }
    const after = {
      attraction: Math.min(wanted.attraction ?? personality.attraction, ceiling),
      gandhiGenghis: wanted.gandhi_genghis ?? personality.gandhi_genghis,
    }
    const changed = Object.entries(wanted).filter(
      ([name, value]) => value !== kept[name as keyof typeof kept],
    )
    if (changed.length > 0) {
      const looks = Object.fromEntries(changed.filter(([name]) => LOOKS.includes(name)))
      const context = { ...looks, ...(clamped ? { requestedAttraction: input.attraction } : {}) }
      await saveInstance(ctx.tx, instance ?? newInstance(ctx, personality), {
        ...Object.fromEntries(changed),
        last_active_at: ctx.clock.now(),
      })
      await recordSettings(ctx, personality, {
        before: { ...before, mood: kept.mood },
        after: { ...after, mood: wanted.mood },
        context,
      })
    }
    return {
      personality: personality.slug,
      ...after,
      mood: wanted.mood,
      cocktailLightning: wanted.cocktail_lightning,
      expression: wanted.expression,
      mode: wanted.mode,
      attractionCeiling: ceiling,
      clamped,
      notice: clamped
        ? `Attraction ${input.attraction} is above your ceiling; it was set to ${ceiling}.`
        : null,
    }
  },
})

function keptOf(instance: Sliders['instance']) {
  return {
    attraction: instance?.attraction ?? null,
    gandhi_genghis: instance?.gandhi_genghis ?? null,
    mood: (instance?.mood ?? null) as MoodName | null,
    cocktail_lightning: instance?.cocktail_lightning ?? null,
    expression: instance?.expression ?? null,
    mode: instance?.mode ?? null,
  }
}

function newInstance(ctx: Ctx, personality: PersonalityRow) {
  return {
    town_id: ctx.town,
    id: newId(),
    personality_id: personality.id,
    user_id: ctx.actor.userId,
    privacy: 'private' as const,
    created_by: ctx.actor.userId,
  }
}

type InForce = { attraction: number; gandhiGenghis: number; mood: MoodName | null }

/** Keeps what changed for the person: where no mood is pinned, the shared one is in force. */
async function recordSettings(
  ctx: Ctx,
  personality: PersonalityRow,
  { before, after, context }: { before: InForce; after: InForce; context: Record<string, unknown> },
): Promise<void> {
  const shared = (await readState(ctx, personality)).mood
  await recordMoodChange(ctx, {
    personality,
    previousMood: before.mood ?? shared,
    newMood: after.mood ?? shared,
    sliders: {
      previousAttraction: before.attraction,
      newAttraction: after.attraction,
      previousGandhiGenghis: before.gandhiGenghis,
      newGandhiGenghis: after.gandhiGenghis,
    },
    trigger: 'settings',
    explanation: null,
    context,
    interface: null,
    privacy: 'private',
  })
}
