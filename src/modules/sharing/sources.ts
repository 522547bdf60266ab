import { sql } from 'kysely'

import { factsOfTable } from '../../db/column-facts.ts'
import type { Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { toFieldName } from '../kit/index.ts'
import type { SharedKind } from './shared.ts'
import { sharingErrors } from './sharing.errors.ts'

/** What is to be shared, as the town that shares it has it; `values` are columns of the copy. */
export type Source = { id: string; version: number; privacy: Privacy; values: Record<string, unknown> }

export type ShareRequest = {
  kind: SharedKind
  objectId: string | undefined
  recordType: 'company' | 'contact' | undefined
  /** What is shared of the kinds that are given and not looked up. */
  item: Record<string, unknown> | undefined
  itemVersion: number
  /** All when empty. */
  fields: string[]
}

const GIVEN_FIELDS = {
  knowledge: ['title', 'content', 'category', 'tags', 'metadata'],
  market_intelligence: ['companyDomain', 'companyName', 'intelligenceType', 'data', 'confidence', 'metadata'],
} as const

const STATE_FIELDS = ['mood', 'mode', 'energy', 'focus']

/** Where the town's rows stand, and what an address book has no business to give away: who made it and for whom. */
const KEPT_BACK = [
  'town_id',
  'id',
  'version',
  'privacy',
  'created_by',
  'created_at',
  'updated_at',
  'external_id',
]

/** The source of a share, with the fields asked for. Throws SHARE_SOURCE_NOT_FOUND and SHARE_UNFIT. */
export async function readSource(ctx: Ctx, request: ShareRequest): Promise<Source> {
  switch (request.kind) {
    case 'knowledge':
    case 'market_intelligence':
      return readGiven(request, GIVEN_FIELDS[request.kind])
    case 'personality_state':
      return readState(ctx, request)
    case 'enriched_record':
      return readRecord(ctx, request)
  }
}

function readGiven(request: ShareRequest, names: readonly string[]): Source {
  const { item } = request
  if (!item) throw missing('item', 'must be given for this kind')
  const unknown = Object.keys(item).find((name) => !names.includes(name))
  if (unknown !== undefined) throw missing(`item.${unknown}`, `is none of ${names.join(', ')}`)
  const chosen = chooseFields(request.fields, names)
  const values = chosen
    .filter((name) => item[name] !== undefined)
    .map((name) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), item[name]])
  if (values.length === 0) throw missing('item', 'holds none of the fields that are shared')
  return {
    id: request.objectId ?? newId(),
    version: request.itemVersion,
    privacy: 'team',
    values: Object.fromEntries(values) as Record<string, unknown>,
  }
}

type StateRow = {
  id: string
  slug: string
  name: string
  mood: string
  mode: string
  energy: string
  focus: string
  version: number
  privacy: Privacy
}

async function readState(ctx: Ctx, request: ShareRequest): Promise<Source> {
  const id = givenId(request)
  const chosen = chooseFields(request.fields, STATE_FIELDS)
  const { rows } = await sql<StateRow>`
    select s.id, s.slug, s.name, s.mood, s.mode, s.energy, s.focus, s.version, s.privacy
    from ai_personalities_current_state s where s.town_id = ${ctx.town} and s.id = ${id}`.execute(ctx.tx)
  const [row] = rows
  if (!row) throw sharingErrors.SHARE_SOURCE_NOT_FOUND({ data: { kind: request.kind, id } })
  const state = chosen.map((name) => [name, row[name as 'mood']])
  return {
    id,
    version: row.version,
    privacy: row.privacy,
    values: { personality_slug: row.slug, personality_name: row.name, ...Object.fromEntries(state) },
  }
}

type RecordRow = Record<string, unknown> & {
  id: string
  version: number
  privacy: Privacy
  external_id: string | null
  updated_at: string
}

const RECORD_TABLES = { company: 'companies', contact: 'contacts' } as const

async function readRecord(ctx: Ctx, request: ShareRequest): Promise<Source> {
  const id = givenId(request)
  const { recordType } = request
  if (recordType === undefined) throw missing('recordType', 'must be given for this kind')
  const table = RECORD_TABLES[recordType]
  const columns = Object.entries(factsOfTable(table))
    .filter(([name, { type }]) => type !== 'uuid' && !KEPT_BACK.includes(name))
    .map(([name]) => name)
  const chosen = chooseFields(request.fields, columns.map(toFieldName))
  const { rows } = await sql<{ row: RecordRow }>`
    select to_jsonb(r) as row from ${sql.table(table)} r
    where r.town_id = ${ctx.town} and r.id = ${id}`.execute(ctx.tx)
  const row = rows[0]?.row
  if (!row) throw sharingErrors.SHARE_SOURCE_NOT_FOUND({ data: { kind: request.kind, id } })
  const data = columns
    .filter((name) => chosen.includes(toFieldName(name)) && row[name] !== null)
    .map((name) => [toFieldName(name), row[name]])
  return {
    id,
    version: row.version,
    privacy: row.privacy,
    values: {
      record_type: recordType,
      record_external_id: row.external_id,
      enrichment_source: 'crm',
      data: Object.fromEntries(data),
      enriched_at: row.updated_at,
    },
  }
}

function givenId({ objectId }: ShareRequest): string {
  if (objectId === undefined) throw missing('objectId', 'must be given for this kind')
  return objectId
}

function chooseFields(asked: string[], known: readonly string[]): readonly string[] {
  const fields = asked.flatMap((name, index) =>
    known.includes(name) ? [] : [{ path: `fields.${index}`, message: `is none of ${known.join(', ')}` }],
  )
  if (fields.length > 0) throw sharingErrors.SHARE_UNFIT({ fields })
  return asked.length === 0 ? known : asked
}

function missing(path: string, message: string) {
  return sharingErrors.SHARE_UNFIT({ fields: [{ path, message }] })
}
