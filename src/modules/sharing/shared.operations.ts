import { sql } from 'kysely'
import { z } from 'zod'

import { beyond } from '../../db/keyset.ts'
import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { PRIVACY_LEVELS, type Privacy } from '../../kernel/context.ts'
import { decodeCursor, toPage, type Keyset } from '../../kernel/cursor.ts'
import { idInput, pageInput, pageOutput, timeOutput } from '../../kernel/input.ts'
import { toFieldName } from '../kit/index.ts'
import { contentColumns, shared, SHARED_KINDS, type SharedKind } from './shared.ts'
import { sharingErrors } from './sharing.errors.ts'
import { sweepShared } from './sharing.service.ts'

const kindInput = z.enum(SHARED_KINDS).describe('What was shared.')

const sharedOutput = z.object({
  id: z.uuid(),
  kind: z.enum(SHARED_KINDS),
  sourceTown: z.string(),
  sourceId: z.uuid(),
  sourceVersion: z.int(),
  grantId: z.uuid(),
  fields: z.array(z.string()).describe('Which fields were shared; none named means all.'),
  content: z.record(z.string(), z.unknown()).describe('What was shared.'),
  expiresAt: timeOutput,
  privacy: z.enum(PRIVACY_LEVELS),
  sharedBy: z.uuid(),
  sharedAt: timeOutput,
})

type SharedRow = Record<string, unknown> & {
  id: string
  source_town: string
  source_id: string
  source_version: number
  grant_id: string
  fields: string[]
  expires_at: Date
  privacy: Privacy
  created_by: string
  created_at: Date
  created_at_key: string
}

function toShared(kind: SharedKind, row: SharedRow): z.input<typeof sharedOutput> {
  return {
    id: row.id,
    kind,
    sourceTown: row.source_town,
    sourceId: row.source_id,
    sourceVersion: row.source_version,
    grantId: row.grant_id,
    fields: row.fields,
    content: Object.fromEntries(contentColumns(kind).map((column) => [toFieldName(column), row[column]])),
    expiresAt: row.expires_at,
    privacy: row.privacy,
    sharedBy: row.created_by,
    sharedAt: row.created_at,
  }
}

/** Copies whose time is not over, newest first. */
async function listShared(
  ctx: Ctx,
  kind: SharedKind,
  page: { id: string | undefined; after: Keyset | undefined; limit: number },
): Promise<SharedRow[]> {
  const { rows } = await sql<SharedRow>`
    select r.*, r.created_at::text as created_at_key from ${sql.table(shared[kind].table)} r
    where r.town_id = ${ctx.town} and r.expires_at > ${ctx.clock.now()}
      and ${page.id === undefined ? sql`true` : sql`r.id = ${page.id}`}
      and ${beyond(['r.created_at', 'r.id'], 'desc', page.after)}
    order by r.created_at desc, r.id desc limit ${page.limit + 1}`.execute(ctx.tx)
  return rows
}

const list = defineOperation({
  id: 'sharing.shared.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists what other towns share with this one, newest first.',
  http: 'GET /v1/shared/{kind}',
  input: z.strictObject({ kind: kindInput, ...pageInput }),
  output: pageOutput(sharedOutput),
  run: async (ctx, { kind, cursor, limit }) => {
    const rows = await listShared(ctx, kind, { id: undefined, after: decodeCursor(cursor), limit })
    return toPage(rows, limit, {
      item: (row) => toShared(kind, row),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const get = defineOperation({
  id: 'sharing.shared.get',
  kind: 'query',
  access: 'user',
  summary: 'Shows a thing that another town shares with this one.',
  http: 'GET /v1/shared/{kind}/{id}',
  input: z.strictObject({ kind: kindInput, id: idInput }),
  output: sharedOutput,
  run: async (ctx, { kind, id }) => {
    const [row] = await listShared(ctx, kind, { id, after: undefined, limit: 1 })
    if (!row) throw sharingErrors.SHARED_NOT_FOUND({ data: { kind, id } })
    return toShared(kind, row)
  },
})

const sweep = defineOperation({
  id: 'sharing.sweep',
  kind: 'command',
  access: 'admin',
  summary:
    'Removes what other towns shared with this one and whose time is over, but for others’ private copies.',
  http: 'POST /v1/shared/sweep',
  input: z.strictObject({}),
  output: z.object({ removed: z.int() }),
  run: async (ctx) => ({ removed: await sweepShared(ctx) }),
})

export const sharedOperations: readonly AnyOperation[] = [list, get, sweep]
