import { z } from 'zod'

import { defineOperation, defineSteps, type AnyOperation } from '../../src/db/operation.ts'
import {
  idInput,
  streamInput,
  jsonInput,
  pageInput,
  pageOutput,
  tagsInput,
  textInput,
} from '../../src/kernel/input.ts'
import { newId } from '../../src/kernel/ids.ts'
import { PRIVACY_LEVELS } from '../../src/kernel/context.ts'
import { identityModule } from '../../src/modules/identity/index.ts'
import { readHead, record } from '../../src/modules/journal/index.ts'

/** Operations of every form the doors must carry, without a table of their own: what they change is the stream. */

const noteOutput = z.object({ id: z.uuid(), text: z.string(), seq: z.int() })

const create = defineOperation({
  id: 'notes.create',
  kind: 'command',
  access: 'user',
  summary: 'Appends a note to the stream.',
  http: 'POST /v1/jottings',
  status: 201,
  input: z.strictObject({
    text: textInput(1000),
    privacy: z.enum(PRIVACY_LEVELS).default('team'),
    personalityId: idInput.optional(),
    count: z.int().min(0).optional(),
  }),
  output: noteOutput,
  run: async (ctx, input) => {
    const id = newId()
    const { privacy, personalityId = null } = input
    const payload = { length: input.text.length }
    await record(ctx, {
      kind: 'note.created',
      entityKind: 'note',
      entityId: id,
      privacy,
      personalityId,
      payload,
    })
    return { id, text: input.text, seq: await readHead(ctx.tx) }
  },
})

const rename = defineOperation({
  id: 'notes.rename',
  kind: 'command',
  access: 'user',
  summary: 'Gives a note another name.',
  http: 'PATCH /v1/jottings/{id}',
  input: z.strictObject({ id: idInput, name: textInput(100) }),
  output: z.object({ id: z.uuid(), name: z.string(), interface: z.string().nullable() }),
  run: async (ctx, input) => ({ ...input, interface: ctx.interface }),
})

const get = defineOperation({
  id: 'notes.get',
  kind: 'query',
  access: 'readonly',
  summary: 'Gets a note.',
  http: 'GET /v1/jottings/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid() }),
  run: async (_ctx, input) => input,
})

const search = defineOperation({
  id: 'notes.search',
  kind: 'query',
  access: 'readonly',
  summary: 'Finds notes; answers with what was asked.',
  http: 'GET /v1/jottings/search',
  input: z.strictObject({
    ...pageInput,
    q: textInput(200),
    tags: tagsInput.optional(),
    isExact: z.boolean().default(false),
    filter: jsonInput(1000).optional(),
  }),
  output: pageOutput(
    z.object({ q: z.string(), tags: z.array(z.string()), isExact: z.boolean(), limit: z.int() }),
  ),
  run: async (_ctx, { q, tags = [], isExact, limit }) => ({
    items: [{ q, tags, isExact, limit }],
    nextCursor: null,
  }),
})

const load = defineOperation({
  id: 'notes.load',
  kind: 'command',
  access: 'user',
  summary: 'Takes many notes at once.',
  http: 'POST /v1/jottings/bulk',
  maxBodyBytes: 8 * 1024 * 1024,
  input: z.strictObject({ notes: z.array(textInput(10_000_000)), about: jsonInput(100_000).optional() }),
  output: z.object({ count: z.int() }),
  run: async (_ctx, input) => ({ count: input.notes.length }),
})

const fail = defineOperation({
  id: 'notes.fail',
  kind: 'command',
  access: 'user',
  summary: 'Has a defect.',
  http: 'POST /v1/jottings/defects',
  input: z.strictObject({}),
  output: z.object({}),
  run: async () => {
    throw new Error('the password is hunter2')
  },
})

const list = defineOperation({
  id: 'notes.words',
  kind: 'query',
  access: 'readonly',
  summary: 'Answers with a list, not an object.',
  http: 'GET /v1/words',
  input: z.strictObject({}),
  output: z.array(z.string()),
  run: async () => ['one', 'two'],
})

/** What the streamed operation went through, for tests to look at. */
export const said = { aborted: 0, abandoned: 0 }

const say = defineSteps({
  id: 'notes.say',
  kind: 'command',
  access: 'user',
  summary: 'Says a text word by word.',
  http: 'POST /v1/jottings/{id}/say',
  input: z.strictObject({ id: idInput, text: textInput(1000), stream: streamInput }),
  output: z.object({ id: z.uuid(), text: z.string(), seq: z.int() }),
  prepare: async (_ctx, input) => ({ words: input.text.split(' ') }),
  outside: async (ctx, { words }) => {
    for (const word of words) {
      if (word === 'BREAK') throw new Error('the voice broke')
      if (word === 'WAIT') {
        await new Promise<void>((resolve, reject) => {
          ctx.signal.addEventListener('abort', () => {
            said.aborted += 1
            reject(new Error('aborted'))
          })
          if (ctx.signal.aborted) resolve()
        })
      }
      ctx.emit({ type: 'text', data: { text: word } })
    }
    return words.length
  },
  commit: async (ctx, { words }, _count, input) => {
    await record(ctx, {
      kind: 'note.said',
      entityKind: 'note',
      entityId: input.id,
      privacy: 'team',
    })
    return { id: input.id, text: words.join(' '), seq: await readHead(ctx.tx) }
  },
  abandon: async () => {
    said.abandoned += 1
  },
})

export const noteOperations: readonly AnyOperation[] = [create, rename, get, search, load, fail, list, say]

/** What the tests' servers offer. */
export const testOperations: readonly AnyOperation[] = [...identityModule.operations, ...noteOperations]
