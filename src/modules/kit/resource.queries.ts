import { sql, type RawBuilder } from 'kysely'

import { factsOfColumn, factsOfTable } from '../../db/column-facts.ts'
import { beyond } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'
import { keysetTypeOf } from './resource-fields.ts'
import { keyColumnsOf, type AnyRow, type Resource } from './resource.ts'

/** Values of some columns, by name; times and days as text, as JSON has them. */
export type Values = Record<string, unknown>

/** Whose rows are meant: a town's, and with a key that is made for some personalities only theirs and those of none. */
export type Scope = { town: string; slugs: string[] | null }

/** Whether the row `r` of a table is within the scope; a part of something else, whether that is. */
function isWithin(table: string, { town, slugs }: Scope, parent: string | null = null): RawBuilder<boolean> {
  const isOfTown = sql<boolean>`r.town_id = ${town}`
  if (slugs === null) return isOfTown
  if (table === 'personalities') return sql<boolean>`${isOfTown} and r.slug = any(${slugs}::text[])`
  const theirs = (row: string) => sql`(${sql.ref(`${row}.personality_id`)} is null or exists (
    select from personalities p
    where p.town_id = ${sql.ref(`${row}.town_id`)} and p.id = ${sql.ref(`${row}.personality_id`)}
      and p.slug = any(${slugs}::text[])))`
  if (factsOfTable(table)['personality_id']) return sql<boolean>`${isOfTown} and ${theirs('r')}`
  const whole = parent === null ? undefined : factsOfColumn(table, parent).references
  if (whole === undefined || !factsOfTable(whole)['personality_id']) return isOfTown
  return sql<boolean>`${isOfTown} and exists (
    select from ${sql.table(whole)} w
    where w.town_id = r.town_id and w.id = ${sql.ref(`r.${parent}`)} and ${theirs('w')})`
}

/** A row with what is worked out from other tables, as callers see it. */
function selected({ derived }: Resource): RawBuilder<unknown> {
  const more = Object.entries(derived).map(([name, item]) => sql`, ${item.sql} as ${sql.id(name)}`)
  return sql`r.*${sql.join(more, sql``)}`
}

/** The row of that id, or undefined. */
export async function findRow(
  tx: Tx,
  resource: Resource,
  key: { scope: Scope; id: string },
): Promise<AnyRow | undefined> {
  const result = await sql<AnyRow>`
    select ${selected(resource)} from ${sql.table(resource.table)} r
    where ${isWithin(resource.table, key.scope, resource.parent)} and r.id = ${key.id}`.execute(tx)
  return result.rows[0]
}

/** The same with its row locked. */
export async function lockRow(
  tx: Tx,
  { table, parent }: Resource,
  key: { scope: Scope; id: string },
): Promise<AnyRow | undefined> {
  const result = await sql<AnyRow>`
    select r.* from ${sql.table(table)} r
    where ${isWithin(table, key.scope, parent)} and r.id = ${key.id} for update of r`.execute(tx)
  return result.rows[0]
}

/** Those of these rows that the actor sees, locked one after another. */
export async function lockRows(
  tx: Tx,
  { table, parent }: Resource,
  key: { scope: Scope; ids: string[] },
): Promise<AnyRow[]> {
  if (key.ids.length === 0) return []
  const result = await sql<AnyRow>`
    select r.* from ${sql.table(table)} r
    where ${isWithin(table, key.scope, parent)} and r.id = any(${key.ids}::uuid[])
    order by r.id for update of r`.execute(tx)
  return result.rows
}

/** Rows of these ids that the actor sees. */
export async function listRowsById(
  tx: Tx,
  resource: Resource,
  key: { scope: Scope; ids: string[] },
): Promise<AnyRow[]> {
  if (key.ids.length === 0) return []
  const result = await sql<AnyRow>`
    select ${selected(resource)} from ${sql.table(resource.table)} r
    where ${isWithin(resource.table, key.scope, resource.parent)} and r.id = any(${key.ids}::uuid[])`.execute(
    tx,
  )
  return result.rows
}

/** The rows of the external ids of `keys` that the actor sees, with their rows locked. */
export async function lockRowsByExternalId(
  tx: Tx,
  resource: Resource,
  { town, keys }: { town: string; keys: Values[] },
): Promise<AnyRow[]> {
  const { table } = resource
  const columns = keyColumnsOf(resource)
  const names = sql.join(columns.map((name) => sql.id(name)))
  const wanted = keys.map((key) => Object.fromEntries(columns.map((name) => [name, key[name]])))
  const result = await sql<AnyRow>`
    select * from ${sql.table(table)}
    where town_id = ${town} and (${names}) in (
      select ${names} from jsonb_to_recordset(${JSON.stringify(wanted)}) as r (${recordOf(table, columns)})
    )
    order by id for update`.execute(tx)
  return result.rows
}

export type ListRequest = {
  scope: Scope
  /** Column values that rows must have. */
  filters: Values
  range: { from: string | undefined; to: string | undefined }
  sort: { column: string; order: 'asc' | 'desc' }
  after: Keyset | undefined
  limit: number
}

/** Rows after a keyset, one more than asked for, each with the text of what it is sorted by. */
export async function listRows(
  tx: Tx,
  resource: Resource,
  request: ListRequest,
): Promise<(AnyRow & { sort_key: string | null })[]> {
  const { table, range } = resource
  const { sort, after, limit } = request
  const column = sql.ref(`r.${sort.column}`)
  const { isNullable } = factsOfColumn(table, sort.column)
  const type = keysetTypeOf(table, sort.column)
  const place = beyond([`r.${sort.column}`, 'r.id'], sort.order, after, { type, isNullable })
  const order = sql.raw(sort.order)
  // Said of a column without nulls, it would keep an index of the plain order from being used.
  const nulls = sql.raw(isNullable ? ' nulls last' : '')
  const conditions = [
    isWithin(table, request.scope, resource.parent),
    ...Object.entries(request.filters).map(([name, value]) => holds(table, name, value)),
    ...(range === null ? [] : within(range, request.range)),
    place,
  ]
  const result = await sql<AnyRow & { sort_key: string | null }>`
    select ${selected(resource)}, ${column}::text as sort_key from ${sql.table(table)} r
    where ${sql.join(conditions, sql` and `)}
    order by ${column} ${order}${nulls}, r.id ${order} limit ${limit + 1}`.execute(tx)
  return result.rows
}

function holds(table: string, name: string, value: unknown): RawBuilder<boolean> {
  const { type } = factsOfColumn(table, name)
  const column = sql.ref(`r.${name}`)
  return type.endsWith('[]')
    ? sql<boolean>`${column} @> array[${value}]::${sql.raw(type)}`
    : sql<boolean>`${column} = ${value}::${sql.raw(type)}`
}

function within(name: string, { from, to }: ListRequest['range']): RawBuilder<boolean>[] {
  const column = sql.ref(`r.${name}`)
  return [
    ...(from === undefined ? [] : [sql<boolean>`${column} >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`${column} < ${to}`]),
  ]
}

/** `col type, ...`: how the values of a JSON object are read. */
function recordOf(table: string, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((name) => sql`${sql.id(name)} ${sql.raw(factsOfColumn(table, name).type)}`))
}

/** Stores rows that all have the same columns. One parameter for any number of rows. */
export async function insertRows(tx: Tx, { table }: Resource, rows: Values[]): Promise<AnyRow[]> {
  const columns = Object.keys(rows[0]!)
  const names = sql.join(columns.map((name) => sql.id(name)))
  const result = await sql<AnyRow>`
    insert into ${sql.table(table)} (${names})
    select ${names} from jsonb_to_recordset(${JSON.stringify(rows)}) as r (${recordOf(table, columns)})
    returning *`.execute(tx)
  return result.rows
}

/**
 * Stores rows that all have the same columns, or changes those whose external id is there: only where something differs.
 * Rows that need no change are not among the result.
 */
export async function upsertRows(
  tx: Tx,
  resource: Resource,
  { rows, changing }: { rows: Values[]; changing: string[] },
): Promise<AnyRow[]> {
  const { table } = resource
  const key = sql.join(keyColumnsOf(resource).map((name) => sql.id(name)))
  const columns = Object.keys(rows[0]!)
  const names = sql.join(columns.map((name) => sql.id(name)))
  const set = [...changing, 'updated_at'].map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`)
  const old = sql.join(changing.map((name) => sql.ref(`t.${name}`)))
  const fresh = sql.join(changing.map((name) => sql`excluded.${sql.id(name)}`))
  const result = await sql<AnyRow>`
    insert into ${sql.table(table)} as t (${names})
    select ${names} from jsonb_to_recordset(${JSON.stringify(rows)}) as r (${recordOf(table, columns)})
    on conflict (town_id, ${key}) do update
      set ${sql.join(set)}, version = t.version + 1
      where (${old}) is distinct from (${fresh})
    returning *`.execute(tx)
  return result.rows
}

/** Changes columns of a row if it still has `version`; undefined when it has not. */
export async function updateRow(
  tx: Tx,
  { table }: Resource,
  { key, values }: { key: { town: string; id: string; version: number }; values: Values },
): Promise<AnyRow | undefined> {
  const columns = Object.keys(values)
  const set = columns.map((name) => sql`${sql.id(name)} = r.${sql.id(name)}`)
  const result = await sql<AnyRow>`
    update ${sql.table(table)} t set ${sql.join(set)}, version = t.version + 1
    from jsonb_to_record(${JSON.stringify(values)}) as r (${recordOf(table, columns)})
    where t.town_id = ${key.town} and t.id = ${key.id} and t.version = ${key.version}
    returning t.*`.execute(tx)
  return result.rows[0]
}

/** Makes the parts of rows as private as these are, and of a private row its owner's; answers with those it changed. */
export async function reclassifyParts(
  tx: Tx,
  { table, parent }: Resource,
  change: { town: string; parents: string[]; privacy: AnyRow['privacy']; owner: string | null },
): Promise<AnyRow[]> {
  const result = await sql<AnyRow>`
    update ${sql.table(table)} set privacy = ${change.privacy}, created_by = coalesce(${change.owner}::uuid, created_by)
    where town_id = ${change.town} and ${sql.id(parent!)} = any(${change.parents}::uuid[])
      and privacy <> ${change.privacy}
    returning *`.execute(tx)
  return result.rows
}

/** Ids of the parts of rows. */
export async function listPartIds(
  tx: Tx,
  { table, parent }: Resource,
  key: { town: string; parents: string[] },
): Promise<string[]> {
  const result = await sql<{ id: string }>`
    select id from ${sql.table(table)}
    where town_id = ${key.town} and ${sql.id(parent!)} = any(${key.parents}::uuid[])`.execute(tx)
  return result.rows.map((row) => row.id)
}

export async function deleteRows(
  tx: Tx,
  { table }: Resource,
  key: { town: string; ids: string[] },
): Promise<void> {
  await sql`
    delete from ${sql.table(table)} where town_id = ${key.town} and id = any(${key.ids}::uuid[])`.execute(tx)
}

/** Whose each row is: its own personality, that of what it is part of, or none. */
export async function listPersonalities(
  tx: Tx,
  { table, parent }: Resource,
  rows: AnyRow[],
): Promise<Map<string, string | null>> {
  const of = (row: AnyRow, name: string) => (row[name] as string | null | undefined) ?? null
  if (factsOfTable(table)['personality_id'])
    return new Map(rows.map((row) => [row.id, of(row, 'personality_id')]))
  const whole = parent === null ? undefined : factsOfColumn(table, parent).references
  if (whole === undefined || !factsOfTable(whole)['personality_id']) return new Map()
  const ids = [...new Set(rows.map((row) => of(row, parent!)))]
  const result = await sql<{ id: string; personality_id: string | null }>`
    select w.id, w.personality_id from ${sql.table(whole)} w
    where w.town_id = ${rows[0]?.town_id ?? null} and w.id = any(${ids}::uuid[])`.execute(tx)
  const wholes = new Map(result.rows.map((row) => [row.id, row.personality_id]))
  return new Map(rows.map((row) => [row.id, wholes.get(of(row, parent!) ?? '') ?? null]))
}

/** The personalities that the scope is limited to; null where it is to none. */
export async function listPersonalityIds(tx: Tx, scope: Scope): Promise<string[] | null> {
  if (scope.slugs === null) return null
  const result = await sql<{ id: string }>`
    select r.id from personalities r where ${isWithin('personalities', scope)}`.execute(tx)
  return result.rows.map((row) => row.id)
}

/** Which of these things the actor sees: of a town's table those of the town, of any other all. */
export async function listVisible(
  tx: Tx,
  table: string,
  key: { scope: Scope; ids: string[] },
): Promise<{ id: string; privacy: AnyRow['privacy'] }[]> {
  const facts = factsOfTable(table)
  const privacy = facts['privacy'] ? sql`r.privacy` : sql`'public'`
  const isThere = facts['town_id'] ? isWithin(table, key.scope) : sql`true`
  const result = await sql<{ id: string; privacy: AnyRow['privacy'] }>`
    select r.id, ${privacy} as privacy from ${sql.table(table)} r
    where ${isThere} and r.id = any(${key.ids}::uuid[])`.execute(tx)
  return result.rows
}
