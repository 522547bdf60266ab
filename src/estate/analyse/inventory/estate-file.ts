import type { Dialect, Encoding, SqlStatement } from './statement.ts'

/**
 * What a file is for. Only those of `schema` say what a database looks like; a `variant` is for another database, an
 * `upgrade` takes an extension from one version to the next.
 */
export type FileRole = 'schema' | 'down' | 'test' | 'variant' | 'upgrade'

/** A file of SQL, read. */
export type EstateFile = {
  /** As the report names it: relative, with forward slashes. */
  path: string
  encoding: Encoding
  dialect: Dialect
  role: FileRole
  /** A program wrote down what a database looked like. */
  isSnapshot: boolean
  statements: SqlStatement[]
  /** Files that psql would run in the place of a line of this one. */
  includes: { path: string; line: number }[]
  /** Lines from which on psql talks to another database. */
  connects: { database: string; line: number }[]
  /** Names a migration tool, as found in the file: a header of pg_dump, goose, dbmate and the like. */
  tool: string | null
  bytes: number
  /** SHA-256 of its bytes, in hexadecimal: some migration tools note it. */
  hash: string
}

/** Files that belong together, in the order in which they would be applied. */
export type Source = {
  name: string
  kind: 'migrations' | 'folder' | 'script'
  files: EstateFile[]
  /** Of a migration: its number as its name writes it. */
  numbers: Map<string, string>
}
