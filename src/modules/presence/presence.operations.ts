import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import {
  optionalTextInput,
  pageInput,
  pageOutput,
  privacyInput,
  slugInput,
  textInput,
  timeOutput,
  versionInput,
} from '../../kernel/input.ts'
import { authorizePrivacy } from '../identity/index.ts'
import {
  getPersonality,
  getSliders,
  keywordsInput,
  moodEventOutput,
  moodInput,
  MOODS,
  recordMoodChange,
  toMoodEvent,
  type MoodName,
  type PersonalityRow,
  type Sliders,
} from '../persona/index.ts'
import { settings } from './settings.operations.ts'
import { listStates, type StateRow } from './state.queries.ts'
import { changeState, readState, setMood, unpinMood } from './state.service.ts'

const ENERGIES = ['low', 'normal', 'high'] as const
const FOCUSES = ['available', 'focused', 'busy'] as const

const stateOutput = z.object({
  personality: z.string(),
  mood: z.enum(MOODS).describe('The mood in force for you: your pinned one, else the shared one.'),
  sharedMood: z.enum(MOODS),
  mode: z.string().describe('The mode you chose for yourself, else the shared one.'),
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
    sharedMood: row.mood,
    mode: sliders.instance?.mode ?? row.mode,
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
    return toState(personality, await readState(ctx, personality), sliders)
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
    version: versionInput,
    mood: moodInput.optional(),
    mode: textInput(50).optional().describe('What it is doing, in a word or two.'),
    energy: z.enum(ENERGIES).optional(),
    focus: z.enum(FOCUSES).optional(),
  }),
  output: stateOutput,
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const { slug: _, version, ...change } = input
    const { before, after } = await changeState(
      ctx,
      personality,
      { ...change, is_mood_explicit: input.mood ? true : undefined },
      version,
    )
    if (after.mood !== before.mood) await recordChosenMood(ctx, personality, before, after)
    const sliders = await getSliders(ctx, personality)
    if (!input.mood || !sliders.instance?.mood) return toState(personality, after, sliders)
    await unpinMood(ctx, personality, sliders, after.mood)
    return toState(personality, after, await getSliders(ctx, personality))
  },
})

async function recordChosenMood(ctx: Ctx, personality: PersonalityRow, before: StateRow, after: StateRow) {
  await recordMoodChange(ctx, {
    personality,
    previousMood: before.mood,
    newMood: after.mood,
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
    privacy: privacyInput
      .optional()
      .describe(
        'Who may see the mood event; private when private is true, else as the personality. Only a private one keeps the keywords.',
      ),
  }),
  output: z.object({ state: stateOutput, event: moodEventOutput }),
  run: async (ctx, input) => {
    const personality = await getPersonality(ctx, input.slug)
    const privacy = input.private ? 'private' : (input.privacy ?? personality.privacy)
    authorizePrivacy(ctx.actor, privacy)
    const keywords = input.private ? [...input.keywords, 'private'] : input.keywords
    const { state: row, event } = await setMood(ctx, personality, {
      keywords,
      explicit: input.mood ?? null,
      trigger: input.trigger ?? null,
      explanation: input.explanation ?? null,
      interface: input.interface ?? ctx.interface,
      privacy,
    })
    const sliders = await getSliders(ctx, personality)
    return {
      state: toState(personality, row, sliders),
      event: toMoodEvent({ ...event, personality: personality.slug }),
    }
  },
})

const history = defineOperation({
  id: 'presence.history',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists the states that a personality was in, newest first.',
  http: 'GET /v1/personalities/{slug}/states',
  input: z.strictObject({ slug: slugInput, ...pageInput }),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      version: z.int(),
      mood: z.enum(MOODS).describe('The shared mood.'),
      mode: z.string(),
      energy: z.enum(ENERGIES),
      focus: z.enum(FOCUSES),
      at: timeOutput.describe('Since when it was so.'),
    }),
  ),
  run: async (ctx, { slug, cursor, limit }) => {
    const { id: personalityId } = await getPersonality(ctx, slug)
    const page = { after: decodeCursor(cursor, 'integer'), limit }
    const rows = await listStates(ctx.tx, { town: ctx.town, personalityId }, page)
    return toPage(rows, limit, {
      item: ({ id, version, mood: name, mode, energy, focus, at }) => ({
        id,
        version,
        mood: name,
        mode,
        energy,
        focus,
        at,
      }),
      keyset: ({ version, id }) => ({ value: String(version), id }),
    })
  },
})

export const presenceOperations: readonly AnyOperation[] = [state, history, update, mood, settings]
