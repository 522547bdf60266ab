import { posix } from 'node:path'

/** Words that are the name of another database and hardly anything else. */
const OTHERS = new Set(
  (
    'mysql mysql5 mysql8 mariadb sqlite sqlite3 libsql turso mssql sqlserver sqlsrv tsql hsqldb hsql db2 h2 firebird ' +
    'sybase informix clickhouse snowflake bigquery tidb cassandra scylla vertica exasol cockroach cockroachdb crdb ' +
    'duckdb teradata singlestore voltdb oceanbase starrocks'
  ).split(' '),
)
/** Words that mean another database only where a neighbour is named after a database too. */
const PERHAPS = new Set(
  'oracle ora derby interbase d1 spanner presto trino hive spark access athena lite ndb dm'.split(' '),
)
const OWN = new Set('postgres postgresql pg pgsql psql'.split(' '))

/** Files that their own or their folder's name gives to another database: one schema is kept for several of them. */
export function otherDatabases(paths: readonly string[]): Set<string> {
  const neighbours = neighboursOf(paths)
  return new Set(paths.filter((path) => isNamedForOther(path, neighbours)))
}

/** Whether a file of the same folder, or a folder beside its own, is named after PostgreSQL. */
export function hasOwnNeighbour(path: string, paths: readonly string[]): boolean {
  const folder = posix.dirname(path)
  const above = posix.dirname(folder)
  return paths.some((other) => {
    if (other === path) return false
    if (posix.dirname(other) === folder) return wordsOf(stemOf(other)).some((word) => OWN.has(word))
    const beside = posix.dirname(other)
    return posix.dirname(beside) === above && wordsOf(posix.basename(beside)).some((word) => OWN.has(word))
  })
}

/**
 * Files of which a folder or a name with PostgreSQL's in it says the same over again: `sql/tables.sql` beside
 * `sql/postgres/tables.sql`. With them goes what stands in the same folder.
 */
export function overshadowed(paths: readonly string[]): Set<string> {
  const own = new Set(paths.flatMap((path) => unnamed(path) ?? []))
  const named = new Set(paths.filter((path) => unnamed(path) !== null))
  const folders = new Set(
    paths.filter((path) => own.has(path) && !named.has(path)).map((path) => posix.dirname(path)),
  )
  return new Set(
    paths.filter((path) => !named.has(path) && (own.has(path) || folders.has(posix.dirname(path)))),
  )
}

/** The path without the folder or the word in the file's name that names PostgreSQL; null without one. */
function unnamed(path: string): string | null {
  const parts = path.split('/')
  const file = parts.pop()!
  const kept = parts.filter((part) => !OWN.has(part.toLowerCase()))
  const plain = file.replace(/[._-](?:postgres|postgresql|pgsql|pg|psql)(?=[._-])/i, '')
  return kept.length === parts.length && plain === file ? null : [...kept, plain].join('/')
}

/** By folder: the words of the names in it which are names of databases. */
function neighboursOf(paths: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const path of paths) {
    const parts = [...path.split('/').slice(0, -1), stemOf(path)]
    parts.forEach((part, at) => {
      const named = wordsOf(part).filter((word) => OTHERS.has(word) || OWN.has(word))
      if (named.length === 0) return
      const folder = parts.slice(0, at).join('/')
      found.set(folder, new Set([...(found.get(folder) ?? []), ...named]))
    })
  }
  return found
}

function isNamedForOther(path: string, neighbours: Map<string, Set<string>>): boolean {
  const parts = [...path.split('/').slice(0, -1), stemOf(path)]
  return parts.some((part, at) => {
    const words = wordsOf(part)
    // The last part is the file: what a migration says of another database in its name it does, and is not for it.
    if (at === parts.length - 1 && /^[Vv]?\d/.test(part)) return false
    if (words.some((word) => OWN.has(word) || /^(?:from|fdw|import|sync)$/.test(word))) return false
    if (words.some((word) => OTHERS.has(word))) return true
    const hasNeighbour = (neighbours.get(parts.slice(0, at).join('/'))?.size ?? 0) > 0
    return hasNeighbour && words.some((word) => PERHAPS.has(word))
  })
}

const stemOf = (path: string) => posix.basename(path).replace(/\.(?:sql|psql|pgsql|ddl|dump)(?:\.\w+)?$/i, '')
const wordsOf = (name: string) => name.toLowerCase().split(/[^a-z0-9]+/)
