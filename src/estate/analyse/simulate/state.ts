import type { ColumnFact, Fact, KeyFact } from '../inventory/facts.ts'

/** Where something is said, and in which statement of its source. */
export type Place = { source: string; file: string; line: number }

export type ColumnState = Omit<ColumnFact, 'line'> & { place: Place }
export type KeyState = KeyFact & { place: Place; target: string | null }
export type IndexState = Extract<Fact, { fact: 'index' }> & { place: Place }
export type PolicyState = Extract<Fact, { fact: 'policy' }> & { place: Place }

/** A table as the statements up to some point leave it. */
export type TableState = {
  schema: string
  name: string
  place: Place
  columns: Map<string, ColumnState>
  keys: KeyState[]
  indexes: IndexState[]
  policies: PolicyState[]
  rowSecurity: { isEnabled: boolean; isForced: boolean; place: Place | null }
  /** Some of its columns are not known from the text. */
  isOpen: boolean
  /** Whether rows were put into it before this point, by statements that stand in the source. */
  hasRows: boolean
  comment: string | null
  /** Every statement that had a part in it. */
  places: Place[]
}

export type ViewState = Extract<Fact, { fact: 'view' }> & { schema: string; place: Place; needs: string[] }
export type FunctionState = Extract<Fact, { fact: 'function' }> & { schema: string; place: Place }

/** A statement that does nothing, since something of the name is there already; or fails for it. */
export type Skip = {
  kind: 'table' | 'column' | 'index' | 'view'
  schema: string
  /** Of the table, also for a column and an index. */
  table: string
  name: string
  place: Place
  /** What was there. */
  standing: Place
  /** How the two differ, one a line; empty for equal ones. */
  differences: string[]
  /** `if not exists` was said: the server says nothing either. */
  isSilent: boolean
  /** What the table would have been. */
  wanted: TableState | null
}

/** What a source comes to when its statements are followed one by one, without a server. */
export type Simulated = {
  source: string
  /** By `schema.name`. */
  tables: Map<string, TableState>
  views: Map<string, ViewState>
  functions: Map<string, FunctionState>
  types: Map<string, { kind: string; values: string[]; place: Place }>
  skips: Skip[]
  /** What is said of tables that the source does not make, by `schema.name`. */
  strays: { key: string; fact: Extract<Fact, { fact: 'alter-table' | 'index' | 'policy' }>; place: Place }[]
  /** Tables that the source makes and takes away again, with the place where they are taken away. */
  dropped: { state: TableState; place: Place }[]
}

/** `schema.name` */
export const keyOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`
