import type { Ctx } from '../../db/operation.ts'
import { CompetingChange, findSqlError, SQLSTATE } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { factsOfColumn } from '../../db/column-facts.ts'
import { authorizePrivacy, identityErrors } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { putEntries, removeEntries, type IndexEntry } from '../search/index.ts'
import { reclassify, unindexParts } from './parts.ts'
import { resourceErrors } from './resource.errors.ts'
import {
  deleteRow,
  findRow,
  insertRows,
  listRowsById,
  listVisible,
  lockRow,
  lockRowsByExternalId,
  updateRow,
  upsertRows,
  type Scope,
  type Values,
} from './resource.queries.ts'
import {
  externalKeyOf,
  keyColumnsOf,
  toFieldName,
  type AnyRow,
  type Completing,
  type Resource,
  type RowChange,
  type Verb,
} from './resource.ts'

/** Whose rows the actor may handle: see `Scope`. */
export const scopeOf = (ctx: Ctx): Scope => ({ town: ctx.town, slugs: ctx.actor.personalities })

/** The row of that id. Throws RESOURCE_NOT_FOUND. */
export async function getRow(ctx: Ctx, resource: Resource, id: string): Promise<AnyRow> {
  return there(resource, id, await findRow(ctx.tx, resource, { scope: scopeOf(ctx), id }))
}

function there(resource: Resource, id: string, row: AnyRow | undefined): AnyRow {
  if (row) return row
  throw resourceErrors.RESOURCE_NOT_FOUND({
    message: `There is no ${resource.thing} of that id that you may see.`,
    data: { thing: resource.thing, id },
  })
}

/** Stores a new row of these column values. Throws REFERENCE_NOT_FOUND and what the resource's own rules throw. */
export async function createRow(
  ctx: Ctx,
  resource: Resource,
  { values, privacy }: { values: Values; privacy: Privacy | undefined },
): Promise<AnyRow> {
  const [row] = await completeRows(ctx, resource, [{ values, privacy }])
  const [stored] = await translated(resource, 'create', () => insertRows(ctx.tx, resource, [row!]))
  await follow(ctx, resource, [{ before: null, after: stored! }])
  await record(ctx, {
    kind: `${resource.thing}.created`,
    ...aboutOf(resource, stored!),
    payload: { version: 1 },
    after: auditOf(resource, stored!),
  })
  return whole(ctx, resource, stored!)
}

/** A row that was written, with what is worked out from other tables. */
function whole(ctx: Ctx, resource: Resource, row: AnyRow): Promise<AnyRow> | AnyRow {
  return Object.keys(resource.derived).length === 0 ? row : getRow(ctx, resource, row.id)
}

/** Rows as they will be stored: with ids, times, and the privacy asked for, or the one it has; of a part, its whole's. */
async function completeRows(
  ctx: Ctx,
  resource: Resource,
  items: { values: Values; privacy: Privacy | undefined; before?: AnyRow | undefined }[],
): Promise<Values[]> {
  const privacies = await checkReferences(
    ctx,
    resource,
    items.map((item) => item.values),
  )
  const now = ctx.clock.now().toISOString()
  const rows = items.map(({ values, privacy, before }, index) => {
    const own = privacies[index] ?? privacy ?? before?.privacy ?? resource.privacy
    authorizePrivacy(ctx.actor, own)
    return {
      ...values,
      town_id: ctx.town,
      id: newId(),
      privacy: own,
      created_by: ctx.actor.userId,
      created_at: now,
      updated_at: now,
    }
  })
  await resource.check(ctx, rows)
  const more = await worked(
    ctx,
    resource,
    items.map(({ before = null, values }) => ({ before, values })),
  )
  return rows.map((row, index) => ({ ...row, ...more[index] }))
}

/** The columns that the resource works out of each row. */
function worked(ctx: Ctx, { complete }: Resource, rows: Completing[]): Promise<Values[]> | Values[] {
  return complete ? complete(ctx, rows) : rows.map(() => ({}))
}

/**
 * Whether the actor sees everything that the rows refer to: the foreign key alone would accept, and so reveal, what they
 * may not see. Answers with the privacy of each row's parent, where there is one. Throws REFERENCE_NOT_FOUND.
 */
async function checkReferences(
  ctx: Ctx,
  { table, fields, parent, people }: Resource,
  rows: Values[],
): Promise<(Privacy | undefined)[]> {
  let privacies: (Privacy | undefined)[] = rows.map(() => undefined)
  for (const column of fields) {
    const target = people.includes(column) ? 'users' : factsOfColumn(table, column).references
    if (target === undefined) continue
    const ids = [...new Set(rows.flatMap((row) => row[column] ?? []))] as string[]
    if (ids.length === 0) continue
    const visible = new Map(
      (await listVisible(ctx.tx, target, { scope: scopeOf(ctx), ids })).map((found) => [
        found.id,
        found.privacy,
      ]),
    )
    const missing = ids.filter((id) => !visible.has(id))
    if (missing.length > 0) throw unknownReference(column, missing)
    if (column === parent) privacies = rows.map((row) => visible.get(row[column] as string))
  }
  return privacies
}

function unknownReference(column: string, missing: string[]) {
  const field = toFieldName(column)
  return resourceErrors.REFERENCE_NOT_FOUND({
    data: { field, ids: missing.slice(0, 10) },
    fields: [{ path: field, message: 'names something that is not there, or that you may not see' }],
  })
}

export type ChangeRequest = {
  id: string
  /** The version the caller read; undefined takes any. */
  version: number | undefined
  values: Values
  privacy: Privacy | undefined
}

/** Changes a row. Throws RESOURCE_NOT_FOUND, RESOURCE_VERSION_STALE, REFERENCE_NOT_FOUND, and what its own rules throw. */
export async function changeRow(ctx: Ctx, resource: Resource, request: ChangeRequest): Promise<AnyRow> {
  const { id, version, values, privacy } = request
  const before = there(resource, id, await lockRow(ctx.tx, resource, { scope: scopeOf(ctx), id }))
  if (version !== undefined && version !== before.version) {
    throw resourceErrors.RESOURCE_VERSION_STALE({ data: { expected: version, current: before.version } })
  }
  if (privacy !== undefined) authorizeChange(ctx, before, privacy)
  const [parentPrivacy] = await checkReferences(ctx, resource, [values])
  const own = parentPrivacy ?? privacy
  await resource.check(ctx, [{ ...before, ...values }])
  const [more] = await worked(ctx, resource, [{ before, values }])
  const change = {
    ...values,
    ...more,
    ...(own ? { privacy: own } : {}),
    updated_at: ctx.clock.now().toISOString(),
  }
  const after = await translated(resource, 'update', () =>
    updateRow(ctx.tx, resource, { key: { town: ctx.town, id, version: before.version }, values: change }),
  )
  // The row is locked: only a policy can have hidden it.
  if (!after) throw identityErrors.FORBIDDEN()
  if (after.privacy !== before.privacy) await reclassify(ctx, resource, [after])
  await follow(ctx, resource, [{ before, after }])
  await record(ctx, {
    kind: `${resource.thing}.updated`,
    ...aboutOf(resource, after),
    payload: { version: after.version, fields: Object.keys(values).map(toFieldName) },
    before: auditOf(resource, before, Object.keys(change)),
    after: auditOf(resource, after, Object.keys(change)),
  })
  return whole(ctx, resource, after)
}

function authorizeChange(ctx: Ctx, before: AnyRow, privacy: Privacy): void {
  authorizePrivacy(ctx.actor, privacy)
  if (privacy === 'private' && before.created_by !== ctx.actor.userId) {
    throw resourceErrors.RESOURCE_PRIVACY_OWNER()
  }
}

/** Removes a row for good. Throws RESOURCE_NOT_FOUND, RESOURCE_VERSION_STALE, RESOURCE_IN_USE. */
export async function removeRow(
  ctx: Ctx,
  resource: Resource,
  { id, version }: { id: string; version: number | undefined },
): Promise<void> {
  const before = there(resource, id, await lockRow(ctx.tx, resource, { scope: scopeOf(ctx), id }))
  if (version !== undefined && version !== before.version) {
    throw resourceErrors.RESOURCE_VERSION_STALE({ data: { expected: version, current: before.version } })
  }
  await unindexParts(ctx, resource, [id])
  await translated(resource, 'delete', () => deleteRow(ctx.tx, resource, { town: ctx.town, id }))
  await follow(ctx, resource, [{ before, after: null }])
  await record(ctx, {
    kind: `${resource.thing}.deleted`,
    ...aboutOf(resource, before),
    payload: { version: before.version },
    before: auditOf(resource, before),
  })
}

/** A key that is made for some personalities changes nothing of the others, whatever it is called elsewhere. */
async function refuseForeign(ctx: Ctx, resource: Resource, standing: AnyRow[]): Promise<void> {
  if (ctx.actor.personalities === null || standing.length === 0) return
  const ids = standing.map((row) => row.id)
  const mine = await listRowsById(ctx.tx, resource, { scope: scopeOf(ctx), ids })
  if (mine.length < ids.length) throw resourceErrors.RESOURCE_EXTERNAL_ID_TAKEN()
}

export type UpsertResult = {
  created: number
  updated: number
  unchanged: number
  ids: Record<string, string>
}

/** Stores rows by their external ids. Throws what creating one would, and RESOURCE_EXTERNAL_ID_TAKEN. */
export async function upsertAll(
  ctx: Ctx,
  resource: Resource,
  items: { values: Values & { external_id: string }; privacy: Privacy | undefined }[],
): Promise<UpsertResult> {
  const keyOf = (row: Values) => externalKeyOf(keyColumnsOf(resource), row)
  const keys = items.map((item) => item.values)
  const standing = await lockRowsByExternalId(ctx.tx, resource, { town: ctx.town, keys })
  await refuseForeign(ctx, resource, standing)
  const standingBy = new Map(standing.map((row) => [keyOf(row), row]))
  const given = items.map((item) => ({ ...item, before: standingBy.get(keyOf(item.values)) }))
  for (const { before, privacy } of given) {
    if (before && privacy !== undefined) authorizeChange(ctx, before, privacy)
  }
  const rows = await completeRows(ctx, resource, given)
  const written = new Set([...resource.fields, ...resource.computed, 'privacy'])
  const changes: Upserted[] = []
  for (const group of groupByColumns(rows)) {
    const changing = Object.keys(group[0]!).filter((name) => written.has(name))
    const write = () => upsertRows(ctx.tx, resource, { rows: group, changing })
    const stored = await translated(resource, 'upsert', write)
    changes.push(...stored.map((after) => ({ before: standingBy.get(keyOf(after)) ?? null, after })))
  }
  // Stored by somebody else after we looked: what we know of it, its privacy for one, is not true. Where they stored the
  // same, nothing was changed, and its id is unknown.
  const isTheirs = changes.some(({ before, after }) => !before && after.version > 1)
  const fresh = changes.filter(({ before }) => !before)
  if (isTheirs || standing.length + fresh.length < items.length) throw new CompetingChange()
  const moved = changes.filter(({ before, after }) => before && before.privacy !== after.privacy)
  for (const some of groupByPrivacy(moved)) {
    await reclassify(
      ctx,
      resource,
      some.map(({ after }) => after),
    )
  }
  await follow(ctx, resource, changes)
  for (const some of groupByPrivacy(changes)) await recordUpsert(ctx, resource, some)
  const ids = [...standing, ...changes.map(({ after }) => after)]
  return {
    ...countsOf(changes),
    unchanged: items.length - changes.length,
    ids: Object.fromEntries(ids.map((row) => [keyOf(row), row.id])),
  }
}

type Upserted = { before: AnyRow | null; after: AnyRow }

function groupByPrivacy(changes: Upserted[]): Upserted[][] {
  return [...Map.groupBy(changes, ({ after }) => after.privacy).values()]
}

function countsOf(changes: Upserted[]): { created: number; updated: number } {
  const created = changes.filter(({ before }) => before === null).length
  return { created, updated: changes.length - created }
}

/** One event for the rows of one privacy, so that nobody learns of rows they may not see. */
async function recordUpsert(ctx: Ctx, resource: Resource, changes: Upserted[]): Promise<void> {
  const [first, last] = [changes[0]!.after, changes.at(-1)!.after]
  await record(ctx, {
    kind: `${resource.things}.upserted`,
    entityKind: resource.thing,
    entityId: first.id,
    privacy: first.privacy,
    payload: { count: changes.length, firstId: first.id, lastId: last.id },
    after: countsOf(changes),
  })
}

function groupByColumns(rows: Values[]): Values[][] {
  return [...Map.groupBy(rows, (row) => Object.keys(row).toSorted().join()).values()]
}

/** What follows from every write: the index, and what the resource itself adds. */
async function follow(ctx: Ctx, resource: Resource, changes: RowChange<AnyRow>[]): Promise<void> {
  const { indexed } = resource
  if (indexed) {
    const entries = changes.flatMap(({ after }) => (after && toEntry(resource, after)) ?? [])
    const kept = new Set(entries.map((entry) => entry.sourceId))
    const gone = changes.flatMap(({ before }) => (before && !kept.has(before.id) ? before.id : []))
    await putEntries(ctx.tx, entries)
    if (gone.length > 0) await removeEntries(ctx.tx, gone)
  }
  await resource.onChange?.(ctx, changes)
}

function toEntry({ thing, indexed }: Resource, row: AnyRow): IndexEntry | null {
  const entry = indexed!(row)
  if (!entry) return null
  return {
    kind: thing,
    sourceId: row.id,
    parentId: null,
    personalityId: (row['personality_id'] as string | undefined) ?? null,
    person: entry.person ?? null,
    title: entry.title,
    content: entry.content,
    importance: entry.importance ?? 5,
    at: entry.at ?? row.created_at,
    endsAt: entry.endsAt ?? null,
    privacy: row.privacy,
  }
}

function aboutOf({ thing }: Resource, row: AnyRow) {
  return {
    entityKind: thing,
    entityId: row.id,
    privacy: row.privacy,
    personalityId: (row['personality_id'] as string | undefined) ?? null,
  }
}

/** A longer value is named in the audit log by its length. */
const LONGEST_AUDITED = 2_000

function auditOf({ fields, computed }: Resource, row: AnyRow, only?: string[]): Values {
  const names = [...fields, ...computed, 'privacy'].filter((name) => !only || only.includes(name))
  return Object.fromEntries(names.map((name) => [toFieldName(name), short(row[name])]))
}

function short(value: unknown): unknown {
  if (typeof value === 'string' && value.length > LONGEST_AUDITED) return { characters: value.length }
  return value
}

/** Runs a write; what the database refuses becomes what the caller is told. */
async function translated<T>(resource: Resource, verb: Verb, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const sql = findSqlError(error)
    const own = sql?.constraint && resource.violations?.[sql.constraint]
    if (own) throw own()
    if (sql?.code === SQLSTATE.foreignKeyViolation) {
      if (verb === 'delete') {
        throw resourceErrors.RESOURCE_IN_USE({ cause: error, data: { table: sql.table } })
      }
      // It was removed after it was found.
      throw resourceErrors.REFERENCE_NOT_FOUND({ cause: error, data: { constraint: sql.constraint } })
    }
    if (sql?.code === SQLSTATE.insufficientPrivilege) {
      if (verb === 'upsert') throw resourceErrors.RESOURCE_EXTERNAL_ID_TAKEN({ cause: error })
      throw identityErrors.FORBIDDEN({ cause: error })
    }
    throw error
  }
}
