import type { Ctx } from '../../db/operation.ts'
import { CompetingChange } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { recordAll, type Change } from '../journal/index.ts'
import { aboutOf, changeOf, follow, tellingColumns, writtenOf, type Written } from './after-write.ts'
import { reclassify } from './parts.ts'
import { resourceErrors } from './resource.errors.ts'
import { listRowsById, lockRowsByExternalId, upsertRows, type Values } from './resource.queries.ts'
import { completeRows, scopeOf, translated } from './resource.service.ts'
import { externalKeyOf, keyColumnsOf, type AnyRow, type Resource } from './resource.ts'

export type UpsertResult = {
  created: number
  updated: number
  unchanged: number
  ids: Record<string, string>
}

type Upserted = { before: AnyRow | null; after: AnyRow }

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
  const rows = await completeRows(
    ctx,
    resource,
    items.map((item) => ({ ...item, before: standingBy.get(keyOf(item.values)) })),
  )
  const telling = new Set(tellingColumns(resource))
  const changes: Upserted[] = []
  for (const group of groupByColumns(rows)) {
    const changing = Object.keys(group[0]!).filter((name) => telling.has(name))
    const write = () => upsertRows(ctx.tx, resource, { rows: group, changing })
    const stored = await translated(resource, 'upsert', write)
    changes.push(...stored.map((after) => ({ before: standingBy.get(keyOf(after)) ?? null, after })))
  }
  // Stored by somebody else after we looked: what we know of it, its privacy for one, is not true. Where they stored the
  // same, nothing was changed, and its id is unknown.
  const made = changes.filter(({ before }) => before === null)
  const isTheirs = made.some(({ after }) => after.version > 1)
  if (isTheirs || standing.length + made.length < items.length) {
    // What is like a row that the actor may not see is not told apart from what is unlike it.
    const seen = await lockRowsByExternalId(ctx.tx, resource, { town: ctx.town, keys })
    if (seen.length < items.length) throw resourceErrors.RESOURCE_EXTERNAL_ID_TAKEN()
    throw new CompetingChange()
  }
  await reclassifyMoved(ctx, resource, changes)
  const all = await writtenOf(ctx, resource, changes)
  await follow(ctx, resource, all)
  await recordAll(ctx, [...creationsOf(resource, all, changes), ...updatesOf(resource, all, changes)])
  const ids = [...standing, ...changes.map(({ after }) => after)]
  return {
    created: made.length,
    updated: changes.length - made.length,
    unchanged: items.length - changes.length,
    ids: Object.fromEntries(ids.map((row) => [keyOf(row), row.id])),
  }
}

/** A key that is made for some personalities changes nothing of the others, whatever it is called elsewhere. */
async function refuseForeign(ctx: Ctx, resource: Resource, standing: AnyRow[]): Promise<void> {
  if (ctx.actor.personalities === null || standing.length === 0) return
  const ids = standing.map((row) => row.id)
  const mine = await listRowsById(ctx.tx, resource, { scope: scopeOf(ctx), ids })
  if (mine.length < ids.length) throw resourceErrors.RESOURCE_EXTERNAL_ID_TAKEN()
}

function groupByColumns(rows: Values[]): Values[][] {
  return [...Map.groupBy(rows, (row) => Object.keys(row).toSorted().join()).values()]
}

async function reclassifyMoved(ctx: Ctx, resource: Resource, changes: Upserted[]): Promise<void> {
  const moved = changes.flatMap(({ before, after }) =>
    before && before.privacy !== after.privacy ? after : [],
  )
  for (const rows of Map.groupBy(moved, (row) => row.privacy).values()) await reclassify(ctx, resource, rows)
}

/** One change for all new rows that the same people may see: nobody learns of rows they may not see. */
function creationsOf(resource: Resource, written: Written, changes: Upserted[]): Change[] {
  const made = changes.flatMap(({ before, after }) => (before === null ? after : []))
  const groups = Map.groupBy(made, (row) => `${row.privacy} ${written.personalities.get(row.id) ?? ''}`)
  return [...groups.values()].map((rows) => ({
    ...aboutOf(resource, written, rows[0]!),
    // Its own: what becomes of one of the rows says nothing of the others.
    entityId: newId(),
    kind: `${resource.things}.upserted`,
    payload: { count: rows.length, firstId: rows[0]!.id, lastId: rows.at(-1)!.id },
    after: { created: rows.length },
  }))
}

function updatesOf(resource: Resource, written: Written, changes: Upserted[]): Change[] {
  const names = tellingColumns(resource)
  return changes.flatMap(({ before, after }) => {
    if (before === null) return []
    const columns = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    return changeOf(resource, written, { before, after, columns })
  })
}
