import type { ColumnModel } from '../../../catalog/model.ts'

/** A table as the database has it now. */
export type LiveTable = {
  schema: string
  name: string
  owner: string
  kind: 'table' | 'partitioned' | 'foreign'
  /** Part of a partitioned table, whose columns are that one's. */
  isPartition: boolean
  columns: ColumnModel[]
  primaryKey: string[]
  hasRowSecurity: boolean
  /** Of a partitioned table those of its parts; null where they are not known, as behind a foreign server. */
  rows: number | null
  /** Rows were counted; otherwise they are what the server last estimated. */
  isCounted: boolean
  /** With indexes and what is stored out of line. */
  bytes: number | null
}

/** One migration as a tool's table notes it. */
export type Claim = {
  /** As the tool writes it: a number, a name or a path. */
  version: string
  state: 'applied' | 'failed'
  /** Everything with a smaller number counts as applied too. */
  isUpTo: boolean
}

/** How claims find their files; `none` where these are not SQL. */
export type Match = 'name' | 'hash' | 'none'

/** A table in which a migration tool notes what it ran. */
export type LiveLedger = { tool: string; schema: string; name: string; match: Match; claims: Claim[] }

/** What a live database was seen to have, in one transaction that only read. */
export type LiveDatabase = {
  /** Host, port and name, and never a password. */
  address: string
  /** As in `17.2`. */
  version: string
  /** By `schema.name`, as all below; what extensions brought is left out. */
  tables: Map<string, LiveTable>
  views: Map<string, { schema: string; name: string; owner: string }>
  functions: Map<string, { schema: string; name: string; owner: string }>
  ledgers: LiveLedger[]
  /** What could not be looked at, and why, one a line. */
  incomplete: string[]
}
