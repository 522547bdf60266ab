import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { optionalTextInput, slugInput, textInput, timeOutput } from '../../kernel/input.ts'
import {
  getPersonality,
  getSliders,
  keywordsInput,
  moodEventOutput,
  moodInput,
  MOODS,
  recordMoodChange,
  saveInstance,
  toMoodEvent,
  type MoodName,
  type PersonalityRow,
  type Sliders,
} from '../persona/index.ts'
import { presenceErrors } from './presence.errors.ts'
import type { StateRow } from './state.queries.ts'
import { lockStateOf, readState, setMood, writeState } from './state.service.ts'

const ENERGIES = ['low', 'normal', 'high'] as const
const FOCUSES = ['available', 'focused', 'busy'] as const

const stateOutput = z.object({
  personality: z.string(),
  mood: z.enum(MOODS).describe('The mood in force for you: your pinned one, else the shared one.'),
  sharedMood: z.enum(MOODS),
  mode: z.string(),
  energy: z.enum(ENERGIES),
  focus: z.enum(FOCUSES),
  attraction: z.int().describe('The slider in force for you.'),
  gandhiGenghis: z.int().describe('The slider in force for you.'),
  version: z.int(),
  updatedAt: timeOutput,
})

function toState(personality: PersonalityRow, row: StateRow, sliders: Sliders): z.input<typeof stateOutput> {
  return {
    personality: personality.slug,
    mood: (sliders.instance?.mood ?? row.mood) as MoodName,
    sharedMood: row.mood as MoodName,
    mode: row.mode,
    energy: row.energy,
    focus: row.focus,
    attraction: sliders.attraction,
    gandhiGenghis: sliders.gandhiGenghis,
    version: row.version,
    updatedAt: row.updated_at,
  }
}

const state = defineOperation({
  id: 'presence.state',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows how a personality is now: mood, mode, energy and focus.',
  http: 'GET /v1/personalities/{slug}/state',
  input: z.strictObject({ slug: slugInput }),
  output: stateOutput,
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const sliders = await getSliders(ctx, personality)
    return toState(personality, await readState(ctx, personality, sliders), sliders)
  },
})

const update = defineOperation({
  id: 'presence.update',
  kind: 'command',
  access: 'user',
  summary: 'Changes the shared state of a personality; refused when the version you read is stale.',
  http: 'PATCH /v1/personalities/{slug}/state',
  input: z.strictObject({
    slug: slugInput,
    version: z.int().min(1).optional().describe('Version you read; the change is refused when it is stale.'),
    mood: moodInput.optional(),
    mode: textInput(50).optional().describe('What it is doing, in a word or two.'),
    energy: z.enum(ENERGIES).optional(),
    focus: z.enum(FOCUSES).optional(),
  }),
  output: stateOutput,
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const sliders = await getSliders(ctx, personality)
    const before = await lockStateOf(ctx, personality, sliders)
    if (input.version !== undefined && input.version !== before.version) {
      throw presenceErrors.STATE_VERSION_STALE({ data: { expected: input.version, current: before.version } })
    }
    const after = await writeState(ctx, personality, before, {
      mood: input.mood ?? before.mood,
      is_mood_explicit: input.mood ? true : before.is_mood_explicit,
      mode: input.mode ?? before.mode,
      energy: input.energy ?? before.energy,
      focus: input.focus ?? before.focus,
    })
    if (input.mood && input.mood !== before.mood)
      await recordExplicitMood(ctx, personality, before, input.mood)
    if (!input.mood || !sliders.instance?.mood) return toState(personality, after, sliders)
    // A mood that the caller had pinned gives way to the one they set now.
    await saveInstance(ctx.tx, { ...sliders.instance, mood: null, last_active_at: ctx.clock.now() })
    return toState(personality, after, await getSliders(ctx, personality))
  },
})

async function recordExplicitMood(ctx: Ctx, personality: PersonalityRow, before: StateRow, mood: MoodName) {
  await recordMoodChange(ctx, {
    personality,
    previousMood: before.mood as MoodName,
    newMood: mood,
    trigger: 'explicit',
    explanation: null,
    context: {},
    interface: null,
    privacy: personality.privacy,
  })
}

// The mood belongs to the shared state, which stands above persona; the name is the one that callers look for.
const mood = defineOperation({
  id: 'persona.mood',
  kind: 'command',
  access: 'user',
  summary:
    'Sets the mood of a personality, chosen or as keywords and sliders call for, and keeps the mood event.',
  http: 'POST /v1/personalities/{slug}/mood',
  input: z.strictObject({
    slug: slugInput,
    mood: moodInput.optional().describe('The mood to set; calculated when left out.'),
    keywords: keywordsInput.default([]),
    private: z
      .boolean()
      .default(false)
      .describe('Whether you are in private; the same as the keyword private.'),
    trigger: textInput(200).optional().describe('What caused it, in a word.'),
    explanation: optionalTextInput(2_000).optional().describe('Why, in words.'),
    interface: textInput(50).optional().describe('Interface it comes from.'),
  }),
  output: z.object({ state: stateOutput, event: moodEventOutput }),
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const keywords = input.private ? [...input.keywords, 'private'] : input.keywords
    const { state: row, event } = await setMood(ctx, personality, {
      keywords,
      explicit: input.mood ?? null,
      trigger: input.trigger ?? null,
      explanation: input.explanation ?? null,
      interface: input.interface ?? ctx.interface,
    })
    const sliders = await getSliders(ctx, personality)
    return {
      state: toState(personality, row, sliders),
      event: toMoodEvent({ ...event, personality: personality.slug }),
    }
  },
})

export const presenceOperations: readonly AnyOperation[] = [state, update, mood]
