import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { textInput, timeInput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { createRow } from '../kit/index.ts'
import { listPersonalityIds } from '../persona/index.ts'
import { findEntries, kindInput, RECALLED_CHARACTERS, recalledOutput, toRecalled } from '../search/index.ts'
import { hashInput } from './documents.ts'
import { findEmbeddingModel, putVectors, takeVectors, type CacheKey } from './embeddings.queries.ts'
import { knowledgeErrors } from './knowledge.errors.ts'
import { searchHistory } from './search-resources.ts'

/** What is looked for where the caller does not say: all that people would look for by words. */
const SEARCHED_KINDS = [
  'memory',
  'message',
  'note',
  'working_memory',
  'document',
  'chunk',
  'article',
  'contact',
  'company',
  'deal',
  'task',
]

const find = defineOperation({
  id: 'search.find',
  kind: 'command',
  access: 'user',
  summary: 'Finds things of every kind by words, best first, and keeps the search in your history.',
  http: 'POST /v1/search',
  input: z.strictObject({
    q: textInput(2_000).describe('Words to look for.'),
    kinds: z
      .array(kindInput)
      .min(1)
      .max(20)
      .default(SEARCHED_KINDS)
      .describe('Only these kinds, as in chunk, article, note.'),
    characters: z
      .int()
      .min(1)
      .max(20_000)
      .default(RECALLED_CHARACTERS)
      .describe('Longer texts are cut to this many characters.'),
    limit: z.int().min(1).max(100).default(20),
  }),
  output: z.object({
    searchId: z.uuid().describe('Where it stands in the history; search.history.update takes feedback.'),
    items: z.array(recalledOutput),
  }),
  run: async (ctx, { q, kinds, characters, limit }) => {
    const start = performance.now()
    const { personalities } = ctx.actor
    const found = await findEntries(ctx.tx, {
      query: q,
      kinds,
      personalityIds: personalities && (await listPersonalityIds(ctx.tx, ctx.town, personalities)),
      audience: 'private',
      characters,
      limit,
      now: ctx.clock.now(),
    })
    const values = {
      query: q,
      kinds,
      result_ids: found.map((item) => item.source_id),
      result_count: found.length,
      duration_ms: Math.round(performance.now() - start),
    }
    const { id } = await createRow(ctx, searchHistory, { values, privacy: undefined })
    return { searchId: id, items: found.map((item) => toRecalled(item, characters)) }
  },
})

const modelInput = textInput(200).describe('Name of the model, as search.models.list has it.')
const vectorInput = z.array(z.number()).min(1).max(16_000)
const MOST_VECTORS = 200
const VECTORS_BYTES = 32 * 1024 * 1024

async function keyOf(ctx: Ctx, name: string): Promise<CacheKey & { dimensions: number }> {
  const model = await findEmbeddingModel(ctx.tx, ctx.town, name)
  if (!model) throw knowledgeErrors.EMBEDDING_MODEL_UNKNOWN({ data: { model: name } })
  const { userId } = ctx.actor
  return { town: ctx.town, modelId: model.id, userId, now: ctx.clock.now(), dimensions: model.dimensions }
}

const put = defineOperation({
  id: 'search.embeddings.put',
  kind: 'command',
  access: 'user',
  summary: 'Keeps the vectors of texts of yours, so that they need not be made again.',
  http: 'POST /v1/embeddings',
  maxBodyBytes: VECTORS_BYTES,
  input: z.strictObject({
    model: modelInput,
    items: z
      .array(z.strictObject({ hash: hashInput.describe('SHA-256 of the text.'), vector: vectorInput }))
      .min(1)
      .max(MOST_VECTORS),
    expiresAt: timeInput.optional().describe('From when on they are of no use.'),
  }),
  output: z.object({ count: z.int() }),
  run: async (ctx, { model, items, expiresAt }) => {
    const { dimensions, ...key } = await keyOf(ctx, model)
    if (items.some(({ vector }) => vector.length !== dimensions)) {
      throw knowledgeErrors.EMBEDDING_DIMENSIONS({ data: { dimensions } })
    }
    // Of one text given twice the last vector counts.
    const unlike = [...new Map(items.map((item) => [item.hash, item])).values()]
    await putVectors(ctx.tx, key, { items: unlike, expiresAt: expiresAt ?? null })
    await record(ctx, {
      kind: 'embeddings.kept',
      entityKind: 'embedding_model',
      entityId: key.modelId,
      privacy: 'private',
      payload: { count: unlike.length },
    })
    return { count: unlike.length }
  },
})

const take = defineOperation({
  id: 'search.embeddings.take',
  kind: 'command',
  access: 'user',
  // The count is no change that anybody is told of: an event would make every look into the cache wait for the town's.
  summary:
    'Answers with the vectors that are kept of texts of yours; counts that they were asked for, without an event.',
  http: 'POST /v1/embeddings/lookup',
  input: z.strictObject({ model: modelInput, hashes: z.array(hashInput).min(1).max(MOST_VECTORS) }),
  output: z.object({ items: z.array(z.object({ hash: z.string(), vector: z.array(z.number()) })) }),
  run: async (ctx, { model, hashes }) => {
    const { dimensions: _, ...key } = await keyOf(ctx, model)
    return { items: await takeVectors(ctx.tx, key, hashes) }
  },
})

export const searchOperations: readonly AnyOperation[] = [find, put, take]
