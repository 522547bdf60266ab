import { z } from 'zod'

import { factsOfColumn, factsOfTable } from '../../db/column-facts.ts'
import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import {
  idInput,
  pageInput,
  pageOutput,
  privacyInput,
  textInput,
  timeInput,
  versionInput,
} from '../../kernel/input.ts'
import { findEntries } from '../search/index.ts'
import {
  changeShape,
  createShape,
  filterName,
  filterShape,
  keysetTypeOf,
  outputOf,
} from './resource-fields.ts'
import { listPersonalityIds, listRows, listRowsById, type Values } from './resource.queries.ts'
import { changeRow, createRow, getRow, removeRow, scopeOf } from './resource.service.ts'
import {
  externalKeyOf,
  keyColumnsOf,
  oneOf,
  toFieldName,
  wordsOf,
  type AnyRow,
  type Resource,
  type Verb,
} from './resource.ts'
import { upsertAll } from './upsert.service.ts'

const MOST_UPSERTED = 5_000
const UPSERT_BYTES = 32 * 1024 * 1024

type Given = Record<string, unknown>

/** The operations of a resource: those it names, or all that its columns allow. */
export function makeOperations(resource: Resource): AnyOperation[] {
  refuseTakenNames(resource)
  const can: Record<Verb, boolean> = {
    create: true,
    get: true,
    list: true,
    update: true,
    delete: true,
    upsert: resource.fields.includes('external_id'),
    search: resource.indexed !== null,
  }
  const makers: Record<Verb, (resource: Resource) => AnyOperation> = {
    create: createOperation,
    list: listOperation,
    search: searchOperation,
    upsert: upsertOperation,
    get: getOperation,
    update: updateOperation,
    delete: deleteOperation,
  }
  const verbs = (Object.keys(makers) as Verb[]).filter((verb) => can[verb])
  return verbs.filter((verb) => resource.verbs?.includes(verb) ?? true).map((verb) => makers[verb](resource))
}

/** Names that every kind of thing has, and those of a list's own inputs. */
const OWN_NAMES = ['id', 'privacy', 'createdBy', 'version', 'createdAt', 'updatedAt']
const LIST_NAMES = ['from', 'to', 'sort', 'limit', 'cursor']

/** A field that is named like something else in its inputs or outputs would hide it, or be hidden. */
function refuseTakenNames(resource: Resource): void {
  const { id, fields, computed, derived, filters } = resource
  const shown = [...[...fields, ...computed].map(toFieldName), ...Object.keys(derived)]
  const twice = shown.find((name, index) => OWN_NAMES.includes(name) || shown.indexOf(name) < index)
  if (twice !== undefined) throw new Error(`${id}: ${twice} is there already: name the column otherwise`)
  const isTaken = (column: string) =>
    LIST_NAMES.includes(toFieldName(column)) || LIST_NAMES.includes(filterName(resource, column))
  const taken = filters.find(isTaken)
  if (taken !== undefined)
    throw new Error(
      `${id}: lists have an input ${taken} of their own: narrow by another column, or rename it`,
    )
}

/** The columns among what a caller gave. */
function valuesOf(resource: Resource, given: Given): Values {
  return Object.fromEntries(
    resource.fields.flatMap((column) => {
      const value = given[toFieldName(column)]
      return value === undefined ? [] : [[column, value]]
    }),
  )
}

/** A row as callers see it, for operations written by hand: their output is `outputOf` the resource. */
export function toOutput(resource: Resource, row: AnyRow): Given {
  const own = [...resource.fields, ...resource.computed].map((name) => [toFieldName(name), row[name]])
  return {
    id: row.id,
    ...Object.fromEntries(own),
    ...Object.fromEntries(Object.keys(resource.derived).map((name) => [name, row[name]])),
    privacy: row.privacy,
    createdBy: row.created_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Part of something else has its privacy: it takes none of its own. */
function privacyShape({ table, parent, privacy }: Resource): Record<string, z.ZodType> {
  if (parent !== null) return {}
  const levels = z.enum(factsOfColumn(table, 'privacy').values as Privacy[])
  return { privacy: levels.describe(`${privacyInput.description} ${privacy} when left out.`).optional() }
}

function createOperation(resource: Resource): AnyOperation {
  return defineOperation({
    id: `${resource.id}.create`,
    kind: 'command',
    access: resource.writers,
    summary: `Adds ${oneOf(resource.thing)}.`,
    http: `POST ${resource.path}`,
    status: 201,
    input: z.strictObject({ ...createShape(resource), ...privacyShape(resource) }),
    output: outputOf(resource),
    run: async (ctx, input: Given) => {
      const privacy = input['privacy'] as Privacy | undefined
      const row = await createRow(ctx, resource, { values: valuesOf(resource, input), privacy })
      return toOutput(resource, row) as never
    },
  })
}

function getOperation(resource: Resource): AnyOperation {
  return defineOperation({
    id: `${resource.id}.get`,
    kind: 'query',
    access: 'readonly',
    summary: `Shows ${oneOf(resource.thing)}.`,
    http: `GET ${resource.path}/{id}`,
    input: z.strictObject({ id: idInput }),
    output: outputOf(resource),
    run: async (ctx, { id }) => toOutput(resource, await getRow(ctx, resource, id)) as never,
  })
}

function listOperation(resource: Resource): AnyOperation {
  const [first = '-createdAt', ...others] = sortsOf(resource)
  const range = resource.range === null ? {} : { from: timeInput.optional(), to: timeInput.optional() }
  return defineOperation({
    id: `${resource.id}.list`,
    kind: 'query',
    access: 'readonly',
    summary: `Lists ${wordsOf(resource.things)}.`,
    http: `GET ${resource.path}`,
    input: z.strictObject({
      ...filterShape(resource),
      ...range,
      sort: z
        .enum([first, ...others])
        .default(first)
        .describe('What to sort by; - is downwards.'),
      ...pageInput,
    }),
    output: pageOutput(outputOf(resource)),
    run: async (ctx, input) => listPage(ctx, resource, input as ListInput) as never,
  })
}

/** The sorts a list offers, as callers write them. */
function sortsOf(resource: Resource): string[] {
  return [...new Set([...resource.sorts, '-created_at'])].map(toFieldName)
}

export type ListInput = Given & { sort: string; limit: number; cursor?: string; from?: string; to?: string }

/** A page of the rows that `input`, an input of the resource's list, asks for; in the rights of whoever acts. */
export async function listPage(ctx: Ctx, resource: Resource, input: ListInput) {
  const order = input.sort.startsWith('-') ? 'desc' : 'asc'
  const name = input.sort.replace(/^-/, '')
  const column = Object.keys(factsOfTable(resource.table)).find((item) => toFieldName(item) === name)!
  const given = resource.filters.filter((item) => input[filterName(resource, item)] !== undefined)
  const rows = await listRows(ctx.tx, resource, {
    scope: scopeOf(ctx),
    filters: Object.fromEntries(given.map((item) => [item, input[filterName(resource, item)]])),
    range: { from: input.from, to: input.to },
    sort: { column, order },
    after: decodeCursor(input.cursor, keysetTypeOf(resource.table, column)),
    limit: input.limit,
  })
  return toPage(rows, input.limit, {
    item: (row) => toOutput(resource, row),
    keyset: (row) => ({ value: row.sort_key, id: row.id }),
  })
}

function updateOperation(resource: Resource): AnyOperation {
  return defineOperation({
    id: `${resource.id}.update`,
    kind: 'command',
    access: resource.writers,
    summary: `Changes ${oneOf(resource.thing)}; refused when the version you read is stale.`,
    http: `PATCH ${resource.path}/{id}`,
    input: z.strictObject({
      id: idInput,
      version: versionInput,
      ...changeShape(resource),
      ...privacyShape(resource),
    }),
    output: outputOf(resource),
    run: async (ctx, input: Given) => {
      const row = await changeRow(ctx, resource, {
        id: input['id'] as string,
        version: input['version'] as number | undefined,
        values: valuesOf(resource, input),
        privacy: input['privacy'] as Privacy | undefined,
      })
      return toOutput(resource, row) as never
    },
  })
}

function deleteOperation(resource: Resource): AnyOperation {
  return defineOperation({
    id: `${resource.id}.delete`,
    kind: 'command',
    access: resource.writers,
    summary: `Removes ${oneOf(resource.thing)}; refused while something else refers to it.`,
    http: `DELETE ${resource.path}/{id}`,
    input: z.strictObject({ id: idInput, version: versionInput }),
    output: z.object({ id: z.uuid(), deleted: z.literal(true) }),
    run: async (ctx, { id, version }) => {
      await removeRow(ctx, resource, { id, version })
      return { id, deleted: true as const }
    },
  })
}

function upsertOperation(resource: Resource): AnyOperation {
  const item = z.strictObject({
    ...createShape(resource),
    externalId: textInput(factsOfColumn(resource.table, 'external_id').max ?? 200),
    ...privacyShape(resource),
  })
  const keyName = keyColumnsOf(resource).map(toFieldName).join('/')
  return defineOperation({
    id: `${resource.id}.upsert`,
    kind: 'command',
    access: resource.writers,
    summary: `Adds or changes many ${wordsOf(resource.things)} by their external ids; fields left out stay as they are.`,
    http: `POST ${resource.path}/bulk`,
    maxBodyBytes: UPSERT_BYTES,
    input: z.strictObject({ items: z.array(item).min(1).max(MOST_UPSERTED) }),
    output: z.object({
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      ids: z.record(z.string(), z.uuid()).describe(`Ids by ${keyName}.`),
    }),
    run: async (ctx, { items }) => {
      refuseDoubles(resource, items as Given[])
      return upsertAll(
        ctx,
        resource,
        (items as Given[]).map((given) => ({
          values: valuesOf(resource, given) as Values & { external_id: string },
          privacy: given['privacy'] as Privacy | undefined,
        })),
      )
    },
  })
}

function refuseDoubles(resource: Resource, items: Given[]): void {
  const fields = keyColumnsOf(resource).map(toFieldName)
  const seen = new Set<string>()
  const doubles = items.flatMap((item, index) => {
    const key = externalKeyOf(fields, item)
    if (seen.size < seen.add(key).size) return []
    return [{ path: `items.${index}.externalId`, message: 'stands twice in this request' }]
  })
  if (doubles.length > 0) throw kernelErrors.INVALID_INPUT({ fields: doubles })
}

function searchOperation(resource: Resource): AnyOperation {
  return defineOperation({
    id: `${resource.id}.search`,
    kind: 'query',
    access: 'readonly',
    summary: `Finds ${wordsOf(resource.things)} by words, best first.`,
    http: `GET ${resource.path}/search`,
    input: z.strictObject({
      q: textInput(2_000).describe('Words to look for.'),
      limit: z.int().min(1).max(100).default(20),
    }),
    output: z.object({
      items: z.array(z.object({ score: z.number(), matched: z.array(z.string()), item: outputOf(resource) })),
      nextCursor: z.null(),
    }),
    run: async (ctx, { q, limit }) => {
      const scope = scopeOf(ctx)
      const found = await findEntries(ctx.tx, {
        query: q,
        kinds: [resource.thing],
        personalityIds: await listPersonalityIds(ctx.tx, scope),
        audience: 'private',
        characters: 1,
        limit,
        now: ctx.clock.now(),
      })
      const ids = found.map((entry) => entry.source_id)
      const rows = new Map((await listRowsById(ctx.tx, resource, { scope, ids })).map((row) => [row.id, row]))
      const items = found.flatMap(({ source_id: id, score, matched }) => {
        const row = rows.get(id)
        return row ? { score, matched, item: toOutput(resource, row) as never } : []
      })
      return { items, nextCursor: null }
    },
  })
}
