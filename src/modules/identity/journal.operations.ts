import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { idInput, pageInput, pageOutput, textInput, timeInput, timeOutput } from '../../kernel/input.ts'
import { listAudit, listEvents, verifyAudit, type JournalFilter } from '../journal/index.ts'
import { authorizeAllPersonalities } from './sign-in.service.ts'

// The journal stands below identity, which knows what a key is limited to; the names are those that callers look for.

/** Rows that one call verifies: well within the time that a statement may take. */
const MOST_VERIFIED = 100_000

const filterInput = {
  operation: textInput(100).optional().describe('Only what this operation caused, as in memory.update.'),
  entityKind: textInput(100).optional().describe('Only changes of this kind of thing, as in memory.'),
  entityId: idInput.optional().describe('Only changes of this thing.'),
  userId: idInput.optional().describe('Only what this person did.'),
  from: timeInput.optional(),
  to: timeInput.optional(),
}

type FilterInput = {
  operation?: string | undefined
  entityKind?: string | undefined
  entityId?: string | undefined
  userId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

function toFilter(input: FilterInput, more: JournalFilter['columns'] = {}): JournalFilter {
  const { operation, entityKind: entity_kind, entityId: entity_id, userId: user_id, from, to } = input
  return { columns: { operation, entity_kind, entity_id, user_id, ...more }, from, to }
}

const auditList = defineOperation({
  id: 'journal.audit.list',
  kind: 'query',
  access: 'admin',
  summary: 'Lists who changed what, with the values before and after, newest first.',
  http: 'GET /v1/journal/audit',
  input: z.strictObject({ ...filterInput, ...pageInput }),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      seq: z.int().describe('Place in the chain of this town.'),
      at: timeOutput,
      userId: z.uuid(),
      keyId: z.uuid().nullable(),
      operation: z.string(),
      entityKind: z.string(),
      entityId: z.uuid(),
      requestId: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      isErased: z.boolean().describe('Whether the values were forgotten; the chain still verifies.'),
      privacy: z.enum(PRIVACY_LEVELS),
    }),
  ),
  run: async (ctx, input) => {
    authorizeAllPersonalities(ctx.actor)
    const page = { after: decodeCursor(input.cursor, 'integer'), limit: input.limit }
    const rows = await listAudit(ctx.tx, ctx.town, toFilter(input), page)
    return toPage(rows, input.limit, {
      item: (row) => ({
        id: row.id,
        seq: row.seq,
        at: row.at,
        userId: row.user_id,
        keyId: row.key_id,
        operation: row.operation,
        entityKind: row.entity_kind,
        entityId: row.entity_id,
        requestId: row.request_id,
        before: row.before,
        after: row.after,
        isErased: row.salt === null,
        privacy: row.privacy,
      }),
      keyset: (row) => ({ value: row.seq_key, id: row.id }),
    })
  },
})

const auditVerify = defineOperation({
  id: 'journal.audit.verify',
  kind: 'query',
  access: 'admin',
  summary:
    'Proves that nobody changed or removed audit rows: computes their chain anew, private rows included.',
  http: 'GET /v1/journal/audit/verify',
  input: z.strictObject({
    from: z.int().min(1).max(Number.MAX_SAFE_INTEGER).default(1).describe('First place to verify.'),
  }),
  output: z.object({
    isWhole: z.boolean().describe('Whether everything that was looked at holds.'),
    checkedCount: z.int().describe('How many rows hold.'),
    headSeq: z.int().describe('Where the chain ends.'),
    nextFrom: z
      .int()
      .nullable()
      .describe('Where to go on; null when the end was reached or a row is broken.'),
    broken: z
      .object({
        seq: z.int(),
        because: z
          .enum(['missing', 'values', 'hash', 'head'])
          .describe('The row is missing, its values or its hash were changed, or the chain ends elsewhere.'),
      })
      .nullable()
      .describe('The first row that does not hold.'),
  }),
  run: async (ctx, { from }) => {
    authorizeAllPersonalities(ctx.actor)
    const to = from + MOST_VERIFIED - 1
    const { broken, checkedCount, headSeq } = await verifyAudit(ctx.tx, { from, to })
    const nextFrom = broken === null && to < headSeq ? to + 1 : null
    return { isWhole: broken === null, checkedCount, headSeq, nextFrom, broken }
  },
})

const eventsList = defineOperation({
  id: 'journal.events.list',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists what happened, newest first, as far as you may see it.',
  http: 'GET /v1/journal/events',
  input: z.strictObject({
    kind: textInput(100).optional().describe('Only events of this kind, as in message.created.'),
    ...filterInput,
    ...pageInput,
  }),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      seq: z.int().describe('Place in the stream of this town; numbers that you may not see are missing.'),
      at: timeOutput,
      kind: z.string(),
      version: z.int().describe('Version of the payload’s form for this kind.'),
      operation: z.string(),
      userId: z.uuid(),
      interface: z.string().nullable(),
      personalityId: z.uuid().nullable(),
      entityKind: z.string(),
      entityId: z.uuid(),
      payload: z.unknown(),
      privacy: z.enum(PRIVACY_LEVELS),
    }),
  ),
  run: async (ctx, input) => {
    const filter = { ...toFilter(input, { kind: input.kind }), slugs: ctx.actor.personalities }
    const page = { after: decodeCursor(input.cursor, 'integer'), limit: input.limit }
    const rows = await listEvents(ctx.tx, ctx.town, filter, page)
    return toPage(rows, input.limit, {
      item: (row) => ({
        id: row.id,
        seq: row.seq,
        at: row.at,
        kind: row.kind,
        version: row.version,
        operation: row.operation,
        userId: row.user_id,
        interface: row.interface,
        personalityId: row.personality_id,
        entityKind: row.entity_kind,
        entityId: row.entity_id,
        payload: row.payload,
        privacy: row.privacy,
      }),
      keyset: (row) => ({ value: row.seq_key, id: row.id }),
    })
  },
})

export const journalOperations: readonly AnyOperation[] = [auditList, auditVerify, eventsList]
