import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import {
  jsonInput,
  optionalTextInput,
  pageInput,
  pageOutput,
  privacyInput,
  slugInput,
  textInput,
  timeOutput,
  versionInput,
} from '../../kernel/input.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import { attractionInput, gandhiGenghisInput, MOODS, moodInput } from './mood.ts'
import { personaErrors } from './persona.errors.ts'
import {
  changePersonality,
  createPersonality,
  getPersonality,
  type WrittenPrompt,
} from './persona.service.ts'
import {
  findActivePrompt,
  listActivePrompts,
  listPersonalities,
  type PersonalityRow,
  type PromptFacts,
} from './personality.queries.ts'
import { toTraits, traitsInput, traitsOutput } from './traits.ts'

const activePromptOutput = z.object({
  version: z.int(),
  avatar: z.string().nullable(),
  tone: z.string(),
  style: z.string(),
  emojiGuidelines: z.string(),
})

export const personalityOutput = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  category: z.string(),
  shortDescription: z.string(),
  description: z.string().nullable().describe('The whole of who it is, where it was given.'),
  avatar: z.string().nullable(),
  attraction: z.int(),
  gandhiGenghis: z.int(),
  isActive: z.boolean(),
  isShipped: z.boolean(),
  traits: traitsOutput.describe('What else is known of it, as of a mentor.'),
  privacy: z.enum(PRIVACY_LEVELS),
  version: z.int(),
  prompts: z.partialRecord(z.enum(MOODS), activePromptOutput).describe('The published prompt of each mood.'),
  createdAt: timeOutput,
  updatedAt: timeOutput,
})

function toPersonality(row: PersonalityRow, prompts: PromptFacts[]): z.input<typeof personalityOutput> {
  const own = prompts.filter((prompt) => prompt.personality_id === row.id)
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    category: row.category,
    shortDescription: row.short_description,
    description: row.description,
    avatar: row.avatar,
    attraction: row.attraction,
    gandhiGenghis: row.gandhi_genghis,
    isActive: row.is_active,
    isShipped: row.shipped_revision !== null,
    traits: toTraits(row),
    privacy: row.privacy,
    version: row.version,
    prompts: Object.fromEntries(
      own.map(({ mood, version, avatar, tone, style, emoji_guidelines: emojiGuidelines }) => [
        mood,
        { version, avatar, tone, style, emojiGuidelines },
      ]),
    ),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

async function toFullPersonality(ctx: Ctx, row: PersonalityRow) {
  return toPersonality(row, await listActivePrompts(ctx.tx, ctx.town, [row.id]))
}

const list = defineOperation({
  id: 'persona.list',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists the personalities of this town with sliders, category and the active prompt of each mood.',
  http: 'GET /v1/personalities',
  input: z.strictObject({
    category: slugInput.optional().describe('Only this category, as in mentors.'),
    ...pageInput,
  }),
  output: pageOutput(personalityOutput),
  run: async (ctx, input) => {
    const rows = await listPersonalities(ctx.tx, ctx.town, {
      category: input.category,
      slugs: ctx.actor.personalities,
      after: decodeCursor(input.cursor),
      limit: input.limit,
    })
    const prompts = await listActivePrompts(
      ctx.tx,
      ctx.town,
      rows.map((row) => row.id),
    )
    return toPage(rows, input.limit, {
      item: (row) => toPersonality(row, prompts),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const get = defineOperation({
  id: 'persona.get',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows one personality with sliders, category and the active prompt of each mood.',
  http: 'GET /v1/personalities/{slug}',
  input: z.strictObject({ slug: slugInput }),
  output: personalityOutput,
  run: async (ctx, input) => toFullPersonality(ctx, await getPersonality(ctx, input.slug)),
})

const promptInput = z.strictObject({
  systemPrompt: textInput(50_000),
  tone: optionalTextInput(500).default(''),
  style: optionalTextInput(500).default(''),
  emojiGuidelines: optionalTextInput(1_000).default(''),
  exampleReplies: z.array(textInput(5_000)).max(20).default([]),
  avatar: textInput(500)
    .nullable()
    .default(null)
    .describe('How it looks in this mood, emoji or address of a picture; null as always.'),
})
const promptsInput = z
  .partialRecord(z.enum(MOODS), promptInput)
  .describe('Prompts by mood; a mood left out keeps its prompt, or gets one from the description.')

const create = defineOperation({
  id: 'persona.create',
  kind: 'command',
  access: 'user',
  summary: 'Makes a personality; prompts that are not given are written from its description.',
  http: 'POST /v1/personalities',
  status: 201,
  input: z.strictObject({
    slug: slugInput.optional().describe('Short name in addresses; made of the name when left out.'),
    name: textInput(200),
    shortDescription: textInput(2_000),
    description: textInput(40_000)
      .optional()
      .describe('The whole of who it is; prompts that are not given are made of it.'),
    category: slugInput.default('pros'),
    avatar: textInput(500).optional().describe('Emoji or address of a picture.'),
    attraction: attractionInput.default(3),
    gandhiGenghis: gandhiGenghisInput.default(5),
    traits: traitsInput.default({}),
    privacy: privacyInput.default('public'),
    prompts: promptsInput.default({}),
    card: jsonInput(1_000_000).optional().describe('Character card it comes from, kept whole.'),
    externalId: textInput(200).optional().describe('Identity in the product it comes from.'),
  }),
  output: personalityOutput,
  run: async (ctx, input) => {
    const row = await createPersonality(ctx, {
      ...input,
      slug: input.slug,
      description: input.description ?? null,
      avatar: input.avatar ?? null,
      card: input.card ?? null,
      externalId: input.externalId ?? null,
      prompts: input.prompts as Partial<Record<(typeof MOODS)[number], WrittenPrompt>>,
    })
    return toFullPersonality(ctx, row)
  },
})

const update = defineOperation({
  id: 'persona.update',
  kind: 'command',
  access: 'user',
  summary: 'Changes a personality; a prompt that is given becomes the new active version of its mood.',
  http: 'PATCH /v1/personalities/{slug}',
  input: z.strictObject({
    slug: slugInput,
    version: versionInput,
    name: textInput(200).optional(),
    shortDescription: textInput(2_000).optional(),
    description: textInput(40_000).nullable().optional().describe('The whole of who it is.'),
    category: slugInput.optional(),
    avatar: textInput(500).nullable().optional(),
    attraction: attractionInput.optional(),
    gandhiGenghis: gandhiGenghisInput.optional(),
    isActive: z.boolean().optional(),
    traits: traitsInput.optional(),
    prompts: promptsInput.optional(),
  }),
  output: personalityOutput,
  run: async (ctx, { slug, version, prompts, ...change }) => {
    const row = await getPersonality(ctx, slug)
    const changed = await changePersonality(ctx, row, version, {
      ...change,
      prompts: prompts as Partial<Record<(typeof MOODS)[number], WrittenPrompt>> | undefined,
    })
    return toFullPersonality(ctx, changed)
  },
})

const prompt = defineOperation({
  id: 'persona.prompt',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows the prompt a personality speaks with in a mood.',
  http: 'GET /v1/personalities/{slug}/prompt',
  input: z.strictObject({ slug: slugInput, mood: moodInput.default('friendly') }),
  output: z.object({
    personality: z.string(),
    mood: z.enum(MOODS),
    systemPrompt: z.string(),
    tone: z.string(),
    style: z.string(),
    emojiGuidelines: z.string(),
    version: z.int(),
  }),
  run: async (ctx, input) => {
    const row = await getPersonality(ctx, input.slug)
    const found = await findActivePrompt(ctx.tx, row.id, input.mood)
    if (!found) throw personaErrors.PROMPT_NOT_FOUND({ data: { slug: input.slug, mood: input.mood } })
    return {
      personality: row.slug,
      mood: input.mood,
      systemPrompt: found.system_prompt,
      tone: found.tone,
      style: found.style,
      emojiGuidelines: found.emoji_guidelines,
      version: found.version,
    }
  },
})

export const personalityOperations: readonly AnyOperation[] = [list, get, create, update, prompt]
