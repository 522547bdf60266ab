import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'
import {
  idInput,
  pageInput,
  pageOutput,
  slugInput,
  textInput,
  timeInput,
  timeOutput,
} from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import { insertKey, listKeys, listMembers, revokeKey, type KeyRow } from './identity.queries.ts'
import { makeKey } from './sign-in.service.ts'

const whoami = defineOperation({
  id: 'identity.whoami',
  kind: 'query',
  access: 'readonly',
  summary: 'Says who you are here: person, town, role and the limits of your key.',
  http: 'GET /v1/whoami',
  input: z.strictObject({}),
  output: z.object({
    userId: z.uuid(),
    name: z.string(),
    timeZone: z.string(),
    town: z.object({ id: z.uuid(), slug: z.string() }),
    role: z.enum(['admin', 'user', 'readonly']),
    clearance: z.enum(['boss', 'member', 'guest']),
    attractionCeiling: z.int(),
    key: z
      .object({
        id: z.uuid(),
        operations: z.array(z.string()).nullable(),
        personalities: z.array(z.string()).nullable(),
      })
      .nullable(),
  }),
  run: async ({ actor }) => ({
    userId: actor.userId,
    name: actor.name,
    timeZone: actor.timeZone,
    town: { id: actor.townId, slug: actor.townSlug },
    role: actor.role,
    clearance: actor.clearance,
    attractionCeiling: actor.attractionCeiling,
    key: actor.keyId
      ? { id: actor.keyId, operations: actor.operations, personalities: actor.personalities }
      : null,
  }),
})

const memberOutput = z.object({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'user', 'readonly']),
  attractionCeiling: z.int(),
  since: timeOutput,
})

const members = defineOperation({
  id: 'identity.members',
  kind: 'query',
  access: 'user',
  summary: 'Lists the members of this town, oldest first.',
  http: 'GET /v1/members',
  input: z.strictObject(pageInput),
  output: pageOutput(memberOutput),
  run: async ({ tx }, input) => {
    const rows = await listMembers(tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: (row) => ({
        userId: row.user_id,
        name: row.name,
        email: row.email,
        role: row.role,
        attractionCeiling: row.attraction_ceiling,
        since: row.created_at,
      }),
      keyset: (row) => ({ at: row.created_at_key, id: row.user_id }),
    })
  },
})

const keyOutput = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  operations: z.array(z.string()).nullable(),
  personalities: z.array(z.string()).nullable(),
  createdAt: timeOutput,
  expiresAt: timeOutput.nullable(),
  revokedAt: timeOutput.nullable(),
})

function toKey(row: Omit<KeyRow, 'created_at_key'>) {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    prefix: row.prefix,
    operations: row.operations,
    personalities: row.personalities,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}

const operationScope = z
  .string()
  .regex(/^[a-z]+(\.[a-z_]+)*(\.\*)?$/, 'must be an operation id or module.*')
  .max(100)

const keysCreate = defineOperation({
  id: 'identity.keys.create',
  kind: 'command',
  access: 'user',
  summary: 'Makes an API key for this town that acts as you. The key is shown this once.',
  http: 'POST /v1/api-keys',
  status: 201,
  isSecret: true,
  input: z.strictObject({
    name: textInput(200).describe('What the key is for.'),
    operations: z
      .array(operationScope)
      .min(1)
      .max(200)
      .optional()
      .describe('Operation ids or module.*; all when left out.'),
    personalities: z
      .array(slugInput)
      .min(1)
      .max(200)
      .optional()
      .describe('Personality slugs; all when left out.'),
    expiresAt: timeInput.optional().describe('When it stops working; never when left out.'),
  }),
  output: keyOutput.extend({ key: z.string().describe('The key itself; it cannot be shown again.') }),
  run: async (ctx, input) => {
    // A key cannot make a key that reaches further than itself.
    const { actor } = ctx
    if (actor.keyId && (actor.operations || actor.personalities)) {
      throw identityErrors.KEY_SCOPE({ message: 'A limited API key cannot make further keys.' })
    }
    const { key, prefix, hash } = makeKey()
    const row = {
      id: newId(),
      user_id: actor.userId,
      name: input.name,
      prefix,
      operations: input.operations ?? null,
      personalities: input.personalities ?? null,
      created_at: ctx.clock.now(),
      expires_at: input.expiresAt ? new Date(input.expiresAt) : null,
      revoked_at: null,
    }
    await insertKey(ctx.tx, row, hash)
    const { name, operations, personalities, expires_at: expiresAt } = row
    await record(ctx, {
      kind: 'api_key.created',
      entityKind: 'api_key',
      entityId: row.id,
      privacy: 'private',
      after: { name, prefix, operations, personalities, expiresAt },
    })
    return { ...toKey(row), key }
  },
})

const keysList = defineOperation({
  id: 'identity.keys.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists your API keys in this town, newest first; admins see all of them.',
  http: 'GET /v1/api-keys',
  input: z.strictObject(pageInput),
  output: pageOutput(keyOutput),
  run: async ({ tx }, input) => {
    const rows = await listKeys(tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: toKey,
      keyset: (row) => ({ at: row.created_at_key, id: row.id }),
    })
  },
})

const keysRevoke = defineOperation({
  id: 'identity.keys.revoke',
  kind: 'command',
  access: 'user',
  summary: 'Ends an API key for good. Doing it twice is fine.',
  http: 'DELETE /v1/api-keys/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), revokedAt: timeOutput }),
  run: async (ctx, input) => {
    const revokedAt = await revokeKey(ctx.tx, input.id, ctx.clock.now())
    if (!revokedAt) throw identityErrors.API_KEY_NOT_FOUND({ data: { id: input.id } })
    await record(ctx, {
      kind: 'api_key.revoked',
      entityKind: 'api_key',
      entityId: input.id,
      privacy: 'private',
      after: { revokedAt },
    })
    return { id: input.id, revokedAt }
  },
})

export const identityOperations: readonly AnyOperation[] = [whoami, members, keysCreate, keysList, keysRevoke]
