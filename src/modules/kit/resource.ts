import type { RawBuilder, Selectable } from 'kysely'
import type { z } from 'zod'

import type { AnyOperation, Ctx } from '../../db/operation.ts'
import type { Schema } from '../../db/schema.gen.ts'
import type { Privacy } from '../../kernel/context.ts'
import type { RobbieError } from '../../kernel/errors.ts'

/** A table whose rows have a town, an id, a version, a privacy and their times. */
export type ResourceTable = {
  [T in keyof Schema]: Schema[T] extends {
    town_id: unknown
    id: unknown
    version: unknown
    updated_at: unknown
  }
    ? T
    : never
}[keyof Schema]

export type RowOf<T extends ResourceTable> = Selectable<Schema[T]>
export type ColumnOf<T extends ResourceTable> = keyof Schema[T] & string

/** A row of any resource: what every one has, and its own columns by name. */
export type AnyRow = Record<string, unknown> & {
  town_id: string
  id: string
  version: number
  privacy: Privacy
  created_by: string
  created_at: Date
  updated_at: Date
}

/** What the search index keeps of a row. */
export type Indexed = {
  title: string | null
  /** What it says, part by part; what says nothing is left out. */
  content: readonly (string | null)[]
  person?: string | null
  /** 1-10; 5 when left out. */
  importance?: number
  /** When it was or will be; its making when left out. */
  at?: Date
  endsAt?: Date | null
}

/** What callers see of a row that is worked out when it is read, from other tables. */
export type Derived = {
  /** Of the row `r`, in the rights of whoever reads. */
  sql: RawBuilder<unknown>
  output: z.ZodType
}

/** A row as it was and as it is; null where there is none. */
export type RowChange<Row> = { before: Row | null; after: Row | null }

/** A row on its way into the table: what stands there, and what a caller writes. */
export type Completing = { before: AnyRow | null; values: Record<string, unknown> }

export type Verb = 'create' | 'get' | 'list' | 'update' | 'delete' | 'upsert' | 'search'

/**
 * A kind of thing that people keep, as one value. What a column may hold stands in the table's own DDL: types, checks,
 * defaults, foreign keys and comments become inputs, outputs and their descriptions.
 */
export type ResourceDefinition<T extends ResourceTable> = {
  table: T
  /** `crm.contacts`: what the ids of its operations begin with. */
  id: string
  /** Singular and plural, as texts, events and the index have them: `contact`, `contacts`. */
  thing: string
  things: string
  path: `/v1/${string}`
  /** Columns that callers write, in the order they are shown. */
  fields: readonly ColumnOf<T>[]
  /** Columns that callers only see: what the product computes. */
  computed?: readonly ColumnOf<T>[]
  /** What is worked out from other tables on every read, by field name: always right, and stored nowhere. */
  derived?: Record<string, Derived>
  /** Columns that a list can be narrowed by. */
  filters?: readonly ColumnOf<T>[]
  /** A time column that lists take `from` and `to` for. */
  range?: ColumnOf<T>
  /** Columns that a list can be sorted by, each with an index on (town_id, column, id); the first is the default. */
  sorts?: readonly (ColumnOf<T> | `-${ColumnOf<T>}`)[]
  /** Who sees it when the caller does not say. */
  privacy: Privacy
  /** A foreign key to the row that this one is part of: it has that row's privacy, always. */
  parent?: ColumnOf<T>
  /** Columns that an external id is unique within, besides the town: the account or channel it comes from. */
  within?: readonly ColumnOf<T>[]
  /** The least role that writes it; user when left out. */
  writers?: 'user' | 'admin'
  /** Columns that hold ids of people. */
  people?: readonly ColumnOf<T>[]
  /** Stricter inputs than the column's own rules make. */
  formats?: Partial<Record<ColumnOf<T>, z.ZodType>>
  /** Operations it has; all that its columns allow when left out. */
  verbs?: readonly Verb[]
  /** What the index keeps of it; null leaves a row out. */
  indexed?: (row: RowOf<T>) => Indexed | null
  /** Rules that the table's checks cannot say, on rows as they will be stored. Throws what the caller is told. */
  check?: (ctx: Ctx, rows: Partial<RowOf<T>>[]) => Promise<void>
  /**
   * Works out columns of rows before they are stored: `values` is what a caller writes, `before` the row it changes. What it
   * answers of a row is stored with it.
   */
  complete?: (
    ctx: Ctx,
    rows: { before: RowOf<T> | null; values: Partial<RowOf<T>> }[],
  ) => Promise<Partial<RowOf<T>>[]>
  /** Runs after every write in its transaction, with whole rows: rollups and what follows from a change. */
  onChange?: (ctx: Ctx, changes: RowChange<RowOf<T>>[]) => Promise<void>
  /** What a violated constraint of the table tells the caller. */
  violations?: Record<string, () => RobbieError>
}

/** A resource, as the kit works with it: the same, of whatever table. */
export type Resource = Omit<
  ResourceDefinition<ResourceTable>,
  | 'fields'
  | 'computed'
  | 'derived'
  | 'filters'
  | 'sorts'
  | 'range'
  | 'parent'
  | 'within'
  | 'writers'
  | 'people'
  | 'formats'
  | 'indexed'
  | 'check'
  | 'complete'
  | 'onChange'
> & {
  fields: readonly string[]
  computed: readonly string[]
  derived: Record<string, Derived>
  filters: readonly string[]
  sorts: readonly string[]
  range: string | null
  parent: string | null
  within: readonly string[]
  writers: 'user' | 'admin'
  people: readonly string[]
  formats: Record<string, z.ZodType>
  indexed: ((row: AnyRow) => Indexed | null) | null
  check: (ctx: Ctx, rows: Record<string, unknown>[]) => Promise<void>
  complete: ((ctx: Ctx, rows: Completing[]) => Promise<Record<string, unknown>[]>) | null
  onChange: ((ctx: Ctx, changes: RowChange<AnyRow>[]) => Promise<void>) | null
  /** Its operations, made when they are first asked for: the facts of a new table are generated after it is declared. */
  readonly operations: readonly AnyOperation[]
}

const fieldNames = new Map<string, string>()

/** `first_name` as callers write it: `firstName`. Bulk upserts ask for each column of each row, so names are kept. */
export function toFieldName(column: string): string {
  const known = fieldNames.get(column)
  if (known !== undefined) return known
  const name = column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  fieldNames.set(column, name)
  return name
}

const SERVICES = new Map(['Google', 'LinkedIn', 'Slack', 'Drive'].map((name) => [name.toLowerCase(), name]))

/** What a thing is called in a sentence: `google_tasks` is Google tasks. */
export function wordsOf(thing: string): string {
  return thing
    .split('_')
    .map((word) => SERVICES.get(word) ?? word)
    .join(' ')
}

/** The same of one of them: an attention item. */
export function oneOf(thing: string): string {
  return `${/^[aeio]/.test(thing) ? 'an' : 'a'} ${wordsOf(thing)}`
}

/** The columns whose values together are what a bulk upsert knows a row by. */
export function keyColumnsOf({ within }: Pick<Resource, 'within'>): string[] {
  return [...within, 'external_id']
}

/** The values of those columns, as one text. */
export function externalKeyOf(columns: readonly string[], row: Record<string, unknown>): string {
  return columns.map((name) => row[name]).join('/')
}
