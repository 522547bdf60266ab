import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import {
  idInput,
  jsonInput,
  pageInput,
  pageOutput,
  privacyInput,
  textInput,
  timeInput,
  timeOutput,
} from '../../kernel/input.ts'
import { authorizeUnlimited } from '../identity/index.ts'
import { readSetting } from './config.service.ts'
import { listSecrets, type SecretRow } from './secrets.queries.ts'
import { removeSecret, rotateSecret, storeSecret } from './secrets.service.ts'

const DAY_MS = 86_400_000

const valueInput = textInput(16_384).describe('The secret itself; it is never shown again.')
const expiryInput = timeInput
  .nullable()
  .default(null)
  .describe('When the service stops taking it; null where nobody knows.')

const secretOutput = z.object({
  id: z.uuid(),
  service: z.string(),
  keyName: z.string(),
  scope: z.enum(['town', 'entity']),
  scopeId: z.string().nullable(),
  hint: z.string().describe('Its last four characters; empty for one below 16 characters.'),
  metadata: z.record(z.string(), z.unknown()),
  rotationCount: z.int(),
  rotatedAt: timeOutput.nullable(),
  expiresAt: timeOutput.nullable(),
  isExpiring: z.boolean().describe('Whether it ends within secrets.warn_days, or has ended.'),
  privacy: z.enum(PRIVACY_LEVELS),
  createdBy: z.uuid(),
  version: z.int(),
  createdAt: timeOutput,
  updatedAt: timeOutput,
})

/** When a secret that ends before is called expiring. */
async function warnBefore(ctx: Ctx): Promise<Date> {
  const days = (await readSetting(ctx, 'secrets.warn_days')) as number
  return new Date(ctx.clock.now().getTime() + days * DAY_MS)
}

function toSecret(row: SecretRow, warned: Date): z.input<typeof secretOutput> {
  return {
    id: row.id,
    service: row.service,
    keyName: row.key_name,
    scope: row.scope,
    scopeId: row.scope_id === '' ? null : row.scope_id,
    hint: row.hint,
    metadata: row.metadata as Record<string, unknown>,
    rotationCount: row.rotation_count,
    rotatedAt: row.rotated_at,
    expiresAt: row.expires_at,
    isExpiring: row.expires_at !== null && row.expires_at <= warned,
    privacy: row.privacy,
    createdBy: row.created_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

const list = defineOperation({
  id: 'platform.secrets.list',
  kind: 'query',
  access: 'admin',
  summary: 'Lists which secrets are kept, newest first; never the secrets themselves.',
  http: 'GET /v1/secrets',
  input: z.strictObject({
    service: textInput(100).optional().describe('Only of this service.'),
    ...pageInput,
  }),
  output: pageOutput(secretOutput),
  run: async (ctx, { service, cursor, limit }) => {
    const rows = await listSecrets(ctx.tx, ctx.town, { service, after: decodeCursor(cursor), limit })
    const warned = await warnBefore(ctx)
    return toPage(rows, limit, {
      item: (row) => toSecret(row, warned),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const set = defineOperation({
  id: 'platform.secrets.set',
  kind: 'command',
  access: 'admin',
  summary: 'Keeps a key or token of a service, encrypted; it is never shown again.',
  http: 'POST /v1/secrets',
  status: 201,
  input: z.strictObject({
    service: textInput(100).describe('What it opens, as in openai.'),
    keyName: textInput(200).describe('Which of its keys, as in api_key.'),
    scopeId: textInput(200)
      .nullable()
      .default(null)
      .describe('The one thing or person it is for; null is the whole town.'),
    value: valueInput,
    metadata: jsonInput(16_384).default({}).describe('What is good to know of it; shown to admins.'),
    expiresAt: expiryInput,
    privacy: privacyInput.default('boss_only').describe('In whose work it is used; boss_only when left out.'),
  }),
  output: secretOutput,
  run: async (ctx, input) => {
    authorizeUnlimited(ctx.actor)
    return toSecret(await storeSecret(ctx, input), await warnBefore(ctx))
  },
})

const rotate = defineOperation({
  id: 'platform.secrets.rotate',
  kind: 'command',
  access: 'admin',
  summary: 'Puts a new secret in the place of an old one, which is gone.',
  http: 'POST /v1/secrets/{id}/rotate',
  input: z.strictObject({ id: idInput, value: valueInput, expiresAt: expiryInput }),
  output: secretOutput,
  run: async (ctx, { id, value, expiresAt }) => {
    authorizeUnlimited(ctx.actor)
    return toSecret(await rotateSecret(ctx, id, { value, expiresAt }), await warnBefore(ctx))
  },
})

const remove = defineOperation({
  id: 'platform.secrets.delete',
  kind: 'command',
  access: 'admin',
  summary: 'Removes a secret for good.',
  http: 'DELETE /v1/secrets/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), deleted: z.literal(true) }),
  run: async (ctx, { id }) => {
    authorizeUnlimited(ctx.actor)
    await removeSecret(ctx, id)
    return { id, deleted: true as const }
  },
})

export const secretOperations: readonly AnyOperation[] = [list, set, rotate, remove]
