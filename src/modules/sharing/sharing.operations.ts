import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import {
  idInput,
  jsonInput,
  optionalTextInput,
  slugInput,
  tagsInput,
  textInput,
  timeInput,
} from '../../kernel/input.ts'
import { authorizeUnlimited, inTown, setCapital } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { outputOf, toOutput } from '../kit/index.ts'
import { readSetting } from '../platform/index.ts'
import { grants } from './grants.ts'
import { SHARED_KINDS } from './shared.ts'
import { sharingErrors } from './sharing.errors.ts'
import { grantShare, revokeShare } from './sharing.service.ts'

const DAY_MS = 86_400_000
const MOST_JSON_BYTES = 65_536

const townInput = z
  .union([slugInput, z.uuid()])
  .describe('The other town, slug or id, of those you belong to.')

const itemInput = z
  .strictObject({
    title: textInput(500).optional(),
    content: optionalTextInput(100_000).optional(),
    category: textInput(100).optional(),
    tags: tagsInput.optional(),
    companyDomain: textInput(255).optional(),
    companyName: textInput(255).optional(),
    intelligenceType: textInput(100).optional(),
    data: jsonInput(MOST_JSON_BYTES).optional(),
    confidence: z.number().min(0).max(1).optional(),
    metadata: jsonInput(MOST_JSON_BYTES).optional(),
  })
  .describe(
    'What is shared of the kinds that are given: of knowledge title, content, category, tags; of market intelligence ' +
      'companyDomain, companyName, intelligenceType, data, confidence; of both metadata.',
  )

/** Operations on grants; made when asked for, as the kit's are. */
export function makeGrantOperations(): AnyOperation[] {
  const grant = defineOperation({
    id: 'sharing.grant',
    kind: 'command',
    access: 'admin',
    summary:
      'Gives another of your towns a read-only copy of one thing; again, it brings the copy up to date.',
    http: 'POST /v1/share-grants',
    status: 201,
    input: z.strictObject({
      kind: z.enum(SHARED_KINDS).describe('What is shared.'),
      town: townInput,
      objectId: idInput
        .optional()
        .describe(
          'Of personality_state the personality, of enriched_record the record; else what you know it by.',
        ),
      recordType: z.enum(['company', 'contact']).optional().describe('Of enriched_record.'),
      item: itemInput.optional(),
      itemVersion: z.int().min(1).max(2_000_000_000).default(1).describe('Version of the item.'),
      fields: z.array(textInput(100)).max(50).default([]).describe('Which fields; all when left out.'),
      expiresAt: timeInput.optional().describe('Until when; sharing.expiry_days from now when left out.'),
      note: optionalTextInput(2_000).optional().describe('Why.'),
    }),
    output: outputOf(grants),
    run: async (ctx, input) => {
      const now = ctx.clock.now()
      const days = (await readSetting(ctx, 'sharing.expiry_days')) as number
      const expiresAt = input.expiresAt ? new Date(input.expiresAt) : new Date(now.getTime() + days * DAY_MS)
      if (expiresAt <= now) {
        throw sharingErrors.SHARE_UNFIT({ fields: [{ path: 'expiresAt', message: 'must be after now' }] })
      }
      const row = await grantShare(ctx, {
        kind: input.kind,
        town: input.town,
        objectId: input.objectId,
        recordType: input.recordType,
        item: input.item,
        itemVersion: input.itemVersion,
        fields: [...new Set(input.fields)],
        expiresAt,
        note: input.note ?? null,
      })
      return toOutput(grants, row) as never
    },
  })
  const revoke = defineOperation({
    id: 'sharing.revoke',
    kind: 'command',
    access: 'admin',
    summary: 'Takes back what another town was given: the copy there is gone.',
    http: 'POST /v1/share-grants/{id}/revoke',
    input: z.strictObject({ id: idInput }),
    output: outputOf(grants),
    run: async (ctx, { id }) => toOutput(grants, await revokeShare(ctx, id)) as never,
  })
  return [grant, revoke]
}

const govern = defineOperation({
  id: 'sharing.govern',
  kind: 'command',
  access: 'admin',
  summary: 'Puts another of your towns under this one, which then sees its counts, or lets it go.',
  http: 'POST /v1/governed-towns',
  input: z.strictObject({
    town: townInput,
    isGoverned: z.boolean().default(true).describe('false lets it go.'),
  }),
  output: z.object({ town: z.string(), isGoverned: z.boolean() }),
  run: async (ctx, { town, isGoverned }) => {
    authorizeUnlimited(ctx.actor)
    const capital = isGoverned ? ctx.town : null
    const slug = await inTown(ctx, { town, needs: 'admin' }, async (there) => {
      if (there.town === ctx.town) throw sharingErrors.SHARE_WITH_SELF()
      if (!(await setCapital(there.tx, capital))) throw sharingErrors.CAPITAL_REFUSED()
      await record(there, {
        kind: isGoverned ? 'town.governed' : 'town.released',
        entityKind: 'town',
        entityId: there.town,
        privacy: 'team',
        payload: { capital: ctx.actor.townSlug },
        after: { governedBy: capital },
      })
      return there.actor.townSlug
    })
    await record(ctx, {
      kind: isGoverned ? 'town.governing' : 'town.released',
      entityKind: 'town',
      entityId: ctx.town,
      privacy: 'team',
      payload: { town: slug },
      after: { governs: slug, isGoverned },
    })
    return { town: slug, isGoverned }
  },
})

const analytics = defineOperation({
  id: 'sharing.analytics',
  kind: 'query',
  access: 'admin',
  summary:
    'Counts what the towns hold that this one governs: public and team rows of each kind, never the rows.',
  http: 'GET /v1/cross-town-analytics',
  input: z.strictObject({}),
  output: z.object({
    items: z.array(z.object({ townId: z.uuid(), town: z.string(), counts: z.record(z.string(), z.int()) })),
    nextCursor: z.null(),
  }),
  run: async ({ tx }) => {
    const { rows } = await sql<{ town_id: string; town: string; kind: string; row_count: number }>`
      select town_id, town, kind, row_count from cross_town_analytics order by town, kind`.execute(tx)
    const items = [...Map.groupBy(rows, (row) => row.town_id)].map(([townId, counted]) => ({
      townId,
      town: counted[0]!.town,
      counts: Object.fromEntries(counted.map((row) => [row.kind, row.row_count])),
    }))
    return { items, nextCursor: null }
  },
})

export const townOperations: readonly AnyOperation[] = [govern, analytics]
