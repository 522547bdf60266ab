import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import {
  idInput,
  pageInput,
  pageOutput,
  privacyInput,
  slugInput,
  tagsInput,
  textInput,
  timeInput,
  timeOutput,
  versionInput,
} from '../../kernel/input.ts'
import { getPersonality, listPersonalityIds } from '../persona/index.ts'
import { findEntries, kindInput, RECALLED_CHARACTERS, recalledOutput, toRecalled } from '../search/index.ts'
import { listEvidence, listMemories, type EvidenceRow, type MemoryRow } from './memory.queries.ts'
import {
  changeMemory,
  forget,
  forgetExpired,
  getMemory,
  getStored,
  MEMORY_CATEGORIES,
  remember,
} from './memory.service.ts'

const memoryOutput = z.object({
  id: z.uuid(),
  category: z.enum(MEMORY_CATEGORIES),
  subject: z.string(),
  content: z.string(),
  personality: z.string().nullable(),
  confidence: z.number(),
  importance: z.int(),
  emotionalWeight: z.int(),
  people: z.array(z.string()),
  tags: z.array(z.string()),
  source: z.enum(['explicit', 'extracted', 'observed', 'inferred', 'imported']),
  isCore: z.boolean(),
  validFrom: timeOutput.nullable(),
  validTo: timeOutput.nullable(),
  expiresAt: timeOutput.nullable(),
  evidence: z.array(z.object({ quote: z.string(), messageId: z.uuid().nullable() })),
  privacy: z.enum(PRIVACY_LEVELS),
  createdBy: z.uuid().describe('The person who made it.'),
  version: z.int(),
  createdAt: timeOutput,
  updatedAt: timeOutput,
})

function toMemory(row: MemoryRow, evidence: EvidenceRow[]): z.input<typeof memoryOutput> {
  return {
    id: row.id,
    category: row.category,
    subject: row.subject,
    content: row.content,
    personality: row.personality,
    confidence: row.confidence,
    importance: row.importance,
    emotionalWeight: row.emotional_weight,
    people: row.people,
    tags: row.tags,
    source: row.source,
    isCore: row.is_core,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    expiresAt: row.expires_at,
    evidence: evidence
      .filter((item) => item.memory_id === row.id)
      .map((item) => ({ quote: item.quote, messageId: item.message_id })),
    privacy: row.privacy,
    createdBy: row.created_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

async function toFullMemory(ctx: Ctx, row: MemoryRow) {
  return toMemory(row, await listEvidence(ctx.tx, ctx.town, [row.id]))
}

const facts = {
  category: z.enum(MEMORY_CATEGORIES),
  subject: textInput(255).describe('Whom or what it is about.'),
  content: textInput(20_000),
  confidence: z.number().min(0).max(1).describe('0 (a guess) to 1 (certain).'),
  importance: z.int().min(1).max(10).describe('1 (trivial) to 10 (vital).'),
  emotionalWeight: z.int().min(-10).max(10).describe('-10 (painful) to 10 (joyful).'),
  people: z.array(textInput(200)).max(50).describe('Names of people it concerns.'),
  tags: tagsInput,
  isCore: z.boolean().describe('Whether it never decays.'),
}

const rememberOperation = defineOperation({
  id: 'memory.remember',
  kind: 'command',
  access: 'user',
  summary: 'Remembers something as it is told.',
  http: 'POST /v1/memories',
  status: 201,
  input: z.strictObject({
    content: facts.content,
    category: facts.category.default('fact'),
    subject: facts.subject.optional().describe('Whom or what it is about; you when left out.'),
    personality: slugInput.optional().describe('Personality that alone remembers it; all when left out.'),
    confidence: facts.confidence.default(1),
    importance: facts.importance.default(5),
    emotionalWeight: facts.emotionalWeight.default(0),
    people: facts.people.default([]),
    tags: facts.tags.default([]),
    isCore: facts.isCore.default(false),
    validFrom: timeInput.optional().describe('From when on it holds; it is not recalled before.'),
    validTo: timeInput.optional().describe('Until when it holds; it is not recalled any more after it.'),
    expiresAt: timeInput
      .optional()
      .describe('When it is to be forgotten; it is not shown any more after it.'),
    privacy: privacyInput.default('private'),
    evidence: z
      .array(z.strictObject({ quote: textInput(10_000), messageId: idInput.optional() }))
      .max(50)
      .default([])
      .describe('The exact words it rests on.'),
  }),
  output: memoryOutput,
  run: async (ctx, input) => {
    await forgetExpired(ctx)
    const row = await remember(ctx, {
      ...input,
      subject: input.subject,
      personality: input.personality,
      validFrom: input.validFrom,
      validTo: input.validTo,
      expiresAt: input.expiresAt,
    })
    return toFullMemory(ctx, row)
  },
})

const list = defineOperation({
  id: 'memory.list',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists memories, newest first.',
  http: 'GET /v1/memories',
  input: z.strictObject({
    category: facts.category.optional(),
    personality: slugInput.optional().describe('Only those that this personality alone remembers.'),
    ...pageInput,
  }),
  output: pageOutput(memoryOutput),
  run: async (ctx, input) => {
    const rows = await listMemories(ctx.tx, ctx.town, {
      category: input.category,
      personality: input.personality,
      slugs: ctx.actor.personalities,
      now: ctx.clock.now(),
      after: decodeCursor(input.cursor),
      limit: input.limit,
    })
    const ids = rows.map((row) => row.id)
    const evidence = await listEvidence(ctx.tx, ctx.town, ids)
    return toPage(rows, input.limit, {
      item: (row) => toMemory(row, evidence),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const get = defineOperation({
  id: 'memory.get',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows one memory with its evidence.',
  http: 'GET /v1/memories/{id}',
  input: z.strictObject({ id: idInput }),
  output: memoryOutput,
  run: async (ctx, input) => toFullMemory(ctx, await getMemory(ctx, input.id)),
})

const update = defineOperation({
  id: 'memory.update',
  kind: 'command',
  access: 'user',
  summary: 'Corrects a memory; refused when the version you read is stale.',
  http: 'PATCH /v1/memories/{id}',
  input: z.strictObject({
    id: idInput,
    version: versionInput,
    category: facts.category.optional(),
    subject: facts.subject.optional(),
    content: facts.content.optional(),
    confidence: facts.confidence.optional(),
    importance: facts.importance.optional(),
    emotionalWeight: facts.emotionalWeight.optional(),
    people: facts.people.optional(),
    tags: facts.tags.optional(),
    isCore: facts.isCore.optional(),
    validTo: timeInput.nullable().optional(),
    expiresAt: timeInput.nullable().optional(),
  }),
  output: memoryOutput,
  run: async (ctx, { id, version, ...change }) => {
    await forgetExpired(ctx)
    const row = await changeMemory(ctx, await getMemory(ctx, id), version, change)
    return toFullMemory(ctx, row)
  },
})

const forgetOperation = defineOperation({
  id: 'memory.forget',
  kind: 'command',
  access: 'user',
  summary:
    'Forgets a memory for good: its text is erased everywhere, past searches that repeat it or its evidence in three words or more included; only that it was forgotten remains.',
  http: 'DELETE /v1/memories/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), forgotten: z.literal(true) }),
  run: async (ctx, input) => {
    await forget(ctx, await getStored(ctx, input.id))
    await forgetExpired(ctx)
    return { id: input.id, forgotten: true as const }
  },
})

/** The personalities that a recall is held to: the one asked for, else those the key is made for, else none. */
async function personalitiesFor(ctx: Ctx, slug: string | undefined): Promise<string[] | null> {
  if (slug !== undefined) return [(await getPersonality(ctx, slug)).id]
  return ctx.actor.personalities && listPersonalityIds(ctx.tx, ctx.town, ctx.actor.personalities)
}

const recall = defineOperation({
  id: 'memory.recall',
  kind: 'query',
  access: 'readonly',
  summary: 'Recalls memories and messages for a question, best first, each with its score and the reasons.',
  http: 'GET /v1/memories/recall',
  input: z.strictObject({
    q: textInput(2_000).describe('The question, in plain words.'),
    kinds: z
      .array(kindInput)
      .min(1)
      .max(10)
      .optional()
      .describe('Only these kinds, as in memory, message, contact; memories and messages when left out.'),
    personality: slugInput
      .optional()
      .describe('What this personality may draw on; everything when left out.'),
    characters: z
      .int()
      .min(1)
      .max(20_000)
      .default(RECALLED_CHARACTERS)
      .describe('Longer texts are cut to this many characters.'),
    limit: z.int().min(1).max(100).default(10),
  }),
  output: z.object({ items: z.array(recalledOutput), nextCursor: z.null() }),
  run: async (ctx, input) => {
    const found = await findEntries(ctx.tx, {
      query: input.q,
      kinds: input.kinds ?? null,
      personalityIds: await personalitiesFor(ctx, input.personality),
      audience: 'private',
      characters: input.characters,
      limit: input.limit,
      now: ctx.clock.now(),
    })
    return { items: found.map((item) => toRecalled(item, input.characters)), nextCursor: null }
  },
})

export const memoryOperations: readonly AnyOperation[] = [
  rememberOperation,
  list,
  recall,
  get,
  update,
  forgetOperation,
]
