import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { pageInput, pageOutput, slugInput, textInput, timeOutput } from '../../kernel/input.ts'
import { authorizeAllPersonalities, authorizeOwn, returning } from '../identity/index.ts'
import { foundTown } from './found.service.ts'
import { keysCreate } from './keys.operations.ts'
import { listTowns } from './town.queries.ts'

const status = defineOperation({
  id: 'platform.status',
  kind: 'query',
  access: 'readonly',
  summary: 'Says how the installation is: version, back end, migrations, drift, queue and sizes.',
  http: 'GET /v1/status',
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    backend: z.enum(['embedded', 'server']),
    serverVersion: z.string(),
    vectorVersion: z.string().nullable(),
    model: z.string(),
    migrations: z.object({ applied: z.int(), pending: z.array(z.string()) }),
    drift: z
      .array(z.object({ kind: z.string(), path: z.string() }))
      .nullable()
      .describe('How the live structure differs from what deploy left; for admins, else null.'),
    queue: z.object({
      pendingReplies: z.int().describe('Messages of this town, of those you see, whose reply is being made.'),
    }),
    sizes: z
      .object({
        databaseBytes: z.int(),
        largestTables: z.array(
          z.object({ name: z.string(), bytes: z.int(), rows: z.int().describe('An estimate.') }),
        ),
      })
      .nullable()
      .describe('Of the whole installation; for admins, else null.'),
  }),
  run: (ctx) => ctx.system.status(ctx.tx, { forManagers: ctx.actor.clearance === 'boss' }),
})

const townOutput = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  region: z.string().nullable(),
  createdAt: timeOutput,
})

const create = defineOperation({
  id: 'town.create',
  kind: 'command',
  access: 'admin',
  summary:
    'Makes a town of your own, with the shipped personalities; nothing of another town is visible in it.',
  http: 'POST /v1/towns',
  status: 201,
  input: z.strictObject({
    slug: slugInput,
    name: textInput(200),
    description: textInput(5_000).optional().describe('What it is for.'),
    region: textInput(100).optional().describe('Where its people are.'),
  }),
  output: townOutput,
  run: async (ctx, input) => {
    authorizeAllPersonalities(ctx.actor)
    authorizeOwn(ctx.actor)
    const at = ctx.clock.now()
    // The new town is entered to fill it.
    const id = await returning(ctx.tx, () =>
      foundTown(ctx.tx, ctx.actor.userId, input, {
        operation: ctx.operation,
        requestId: ctx.requestId,
        interface: ctx.interface,
        at,
      }),
    )
    const { slug, name, description = null, region = null } = input
    return { id, slug, name, description, region, createdAt: at }
  },
})

const list = defineOperation({
  id: 'town.list',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists the towns you belong to, oldest first.',
  http: 'GET /v1/towns',
  input: z.strictObject(pageInput),
  output: pageOutput(townOutput),
  run: async (ctx, input) => {
    const rows = await listTowns(ctx.tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: ({ id, slug, name, description, region, created_at: createdAt }) => ({
        id,
        slug,
        name,
        description,
        region,
        createdAt,
      }),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

export const platformOperations: readonly AnyOperation[] = [status, create, list, keysCreate]
