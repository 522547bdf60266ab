import type { Ctx } from '../../db/operation.ts'
import { findSqlError, SQLSTATE } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { factsOfColumn } from '../../db/column-facts.ts'
import { authorizePrivacy, identityErrors } from '../identity/index.ts'
import { record, recordAll } from '../journal/index.ts'
import { aboutOf, auditOf, changeOf, follow, writtenOf } from './after-write.ts'
import { reclassify, unindexParts } from './parts.ts'
import { resourceErrors } from './resource.errors.ts'
import {
  deleteRows,
  findRow,
  insertRows,
  listVisible,
  lockRow,
  lockRows,
  updateRow,
  type Scope,
  type Values,
} from './resource.queries.ts'
import { toFieldName, wordsOf, type AnyRow, type Completing, type Resource, type Verb } from './resource.ts'

/** Whose rows the actor may handle: see `Scope`. */
export const scopeOf = (ctx: Ctx): Scope => ({ town: ctx.town, slugs: ctx.actor.personalities })

/** The row of that id. Throws RESOURCE_NOT_FOUND. */
export async function getRow(ctx: Ctx, resource: Resource, id: string): Promise<AnyRow> {
  return there(resource, id, await findRow(ctx.tx, resource, { scope: scopeOf(ctx), id }))
}

/** The same with its row locked. */
export async function getLockedRow(ctx: Ctx, resource: Resource, id: string): Promise<AnyRow> {
  return there(resource, id, await lockRow(ctx.tx, resource, { scope: scopeOf(ctx), id }))
}

function there(resource: Resource, id: string, row: AnyRow | undefined): AnyRow {
  if (row) return row
  throw resourceErrors.RESOURCE_NOT_FOUND({
    message: `There is no ${wordsOf(resource.thing)} of that id that you may see.`,
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
  const written = await writtenOf(ctx, resource, [{ before: null, after: stored! }])
  await follow(ctx, resource, written)
  await record(ctx, {
    kind: `${resource.thing}.created`,
    ...aboutOf(resource, written, stored!),
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
export async function completeRows(
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
    authorizeChange(ctx, before, own)
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
  // A row that stands keeps its id, and what is not given.
  const asStored = rows.map((row, index) => {
    const { before, values } = items[index]!
    return { ...row, ...before, ...values, privacy: row.privacy }
  })
  await resource.check(ctx, asStored)
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
  const before = await getLockedRow(ctx, resource, id)
  if (version !== undefined && version !== before.version) {
    throw resourceErrors.RESOURCE_VERSION_STALE({ data: { expected: version, current: before.version } })
  }
  const [parentPrivacy] = await checkReferences(ctx, resource, [values])
  const own = parentPrivacy ?? privacy
  if (own !== undefined) authorizeChange(ctx, before, own)
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
  const written = await writtenOf(ctx, resource, [{ before, after }])
  await follow(ctx, resource, written)
  await record(ctx, changeOf(resource, written, { before, after, columns: Object.keys(change) }))
  return whole(ctx, resource, after)
}

/** Whether the actor may give a row this privacy: a new one, or one that stands. */
function authorizeChange(ctx: Ctx, before: AnyRow | undefined, privacy: Privacy): void {
  authorizePrivacy(ctx.actor, privacy)
  if (privacy === 'private' && before && before.created_by !== ctx.actor.userId) {
    throw resourceErrors.RESOURCE_PRIVACY_OWNER()
  }
}

/** Removes a row for good. Throws RESOURCE_NOT_FOUND, RESOURCE_VERSION_STALE, RESOURCE_IN_USE. */
export async function removeRow(
  ctx: Ctx,
  resource: Resource,
  { id, version }: { id: string; version: number | undefined },
): Promise<void> {
  const before = await getLockedRow(ctx, resource, id)
  if (version !== undefined && version !== before.version) {
    throw resourceErrors.RESOURCE_VERSION_STALE({ data: { expected: version, current: before.version } })
  }
  await removeLocked(ctx, resource, [before])
}

/** Removes those of these rows that the actor sees; answers how many. */
export async function removeRows(ctx: Ctx, resource: Resource, ids: string[]): Promise<number> {
  const rows = await lockRows(ctx.tx, resource, { scope: scopeOf(ctx), ids })
  if (rows.length > 0) await removeLocked(ctx, resource, rows)
  return rows.length
}

async function removeLocked(ctx: Ctx, resource: Resource, rows: AnyRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const changes = rows.map((before) => ({ before, after: null }))
  const written = await writtenOf(ctx, resource, changes)
  await unindexParts(ctx, resource, ids)
  await translated(resource, 'delete', () => deleteRows(ctx.tx, resource, { town: ctx.town, ids }))
  await follow(ctx, resource, written)
  await recordAll(
    ctx,
    rows.map((before) => ({
      kind: `${resource.thing}.deleted`,
      ...aboutOf(resource, written, before),
      payload: { version: before.version },
      before: auditOf(resource, before),
    })),
  )
}

/** Runs a write; what the database refuses becomes what the caller is told. */
export async function translated<T>(resource: Resource, verb: Verb, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const sql = findSqlError(error)
    const own = sql?.constraint && resource.violations?.[sql.constraint]
    if (own) throw own()
    if (sql?.code === SQLSTATE.foreignKeyViolation) {
      // What refers to this one, and not what this one refers to.
      if (verb === 'delete' || sql.table !== resource.table) {
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
