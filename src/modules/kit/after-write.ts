import type { Ctx } from '../../db/operation.ts'
import { isStricter } from '../../kernel/context.ts'
import type { Change } from '../journal/index.ts'
import { putEntries, removeEntries, type IndexEntry } from '../search/index.ts'
import { listPersonalities, type Values } from './resource.queries.ts'
import { toFieldName, type AnyRow, type Resource, type RowChange } from './resource.ts'

/** Rows that were written, and whose they are: the personality of each, or of what it is part of. */
export type Written = { changes: RowChange<AnyRow>[]; personalities: Map<string, string | null> }

export async function writtenOf(
  ctx: Ctx,
  resource: Resource,
  changes: RowChange<AnyRow>[],
): Promise<Written> {
  const rows = changes.map(({ before, after }) => (after ?? before)!)
  return { changes, personalities: await listPersonalities(ctx.tx, resource, rows) }
}

/** What follows from every write: the index, and what the resource itself adds. */
export async function follow(
  ctx: Ctx,
  resource: Resource,
  { changes, personalities }: Written,
): Promise<void> {
  if (resource.indexed) {
    const entries = changes.flatMap(
      ({ after }) => (after && toEntry(resource, after, personalities.get(after.id) ?? null)) ?? [],
    )
    const kept = new Set(entries.map((entry) => entry.sourceId))
    const gone = changes.flatMap(({ before }) => (before && !kept.has(before.id) ? before.id : []))
    await putEntries(ctx.tx, entries)
    if (gone.length > 0) await removeEntries(ctx.tx, gone)
  }
  await resource.onChange?.(ctx, changes)
}

function toEntry({ thing, indexed }: Resource, row: AnyRow, personalityId: string | null): IndexEntry | null {
  const entry = indexed!(row)
  if (!entry) return null
  const content = entry.content.filter((part) => part !== null && part !== '').join('\n')
  if (entry.title === null && content === '') return null
  return {
    kind: thing,
    sourceId: row.id,
    parentId: null,
    personalityId,
    person: entry.person ?? null,
    title: entry.title,
    content,
    importance: entry.importance ?? 5,
    at: entry.at ?? row.created_at,
    endsAt: entry.endsAt ?? null,
    privacy: row.privacy,
  }
}

/** What the journal is told of any change of a row. */
export function aboutOf({ thing }: Resource, { personalities }: Written, row: AnyRow) {
  return {
    entityKind: thing,
    entityId: row.id,
    privacy: row.privacy,
    personalityId: personalities.get(row.id) ?? null,
  }
}

/** What the journal is told of a change of a row that was there before: of these columns, the values before and after. */
export function changeOf(
  resource: Resource,
  written: Written,
  { before, after, columns }: { before: AnyRow; after: AnyRow; columns: string[] },
): Change {
  const fields = columns.filter((name) => resource.fields.includes(name)).map(toFieldName)
  // What was kept from those who see it now stays kept from them.
  const isOpened = isStricter(before.privacy, after.privacy)
  return {
    kind: `${resource.thing}.updated`,
    ...aboutOf(resource, written, after),
    payload: { version: after.version, fields },
    before: auditOf(resource, before, isOpened ? ['privacy'] : columns),
    after: auditOf(resource, after, columns),
  }
}

/** A longer value is named in the audit log by its length. */
const LONGEST_AUDITED = 2_000

/** The columns of a row that say something of the thing, and not of its place among the rows. */
export function tellingColumns({ fields, computed }: Resource): string[] {
  return [...fields, ...computed, 'privacy']
}

/** The values of a row that the audit log keeps. */
export function auditOf(resource: Resource, row: AnyRow, only?: string[]): Values {
  const names = tellingColumns(resource).filter((name) => !only || only.includes(name))
  return Object.fromEntries(names.map((name) => [toFieldName(name), short(row[name])]))
}

function short(value: unknown): unknown {
  if (typeof value === 'string' && value.length > LONGEST_AUDITED) return { characters: value.length }
  return value
}
