import type { TableModel } from '../../../catalog/model.ts'
import type { Session } from '../../../db/database.ts'
import { quoteIdentifier } from '../../../db/quote.ts'
import { findSqlError, SQLSTATE } from '../../../db/sql-error.ts'
import { keyOf } from '../simulate/state.ts'
import { attempt } from './attempt.ts'
import type { LiveTable } from './live-database.ts'

/** Tables of so many bytes or less are counted; of larger ones the server's estimate is told. */
const COUNTED_BYTES = 32 * 2 ** 20
/** Tables that a line each is written about; more share one. */
const LISTED = 5

const FACTS = `
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relispartition as "isPartition",
    (select h.inhparent::text from pg_inherits h where h.inhrelid = c.oid and c.relispartition) as parent,
    coalesce((
      select array_agg(a.attname::text order by k.place)
      from pg_constraint p
      cross join lateral unnest(p.conkey) with ordinality k (number, place)
      join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.number
      where p.conrelid = c.oid and p.contype = 'p'), '{}') as "primaryKey",
    c.reltuples::float8 as estimate,
    c.relpages::float8 * current_setting('block_size')::float8 as "pageBytes",
    has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select') as "canRead",
    row_security_active(c.oid) as "isFiltered"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p', 'f')`

type TableFacts = {
  oid: string
  schema: string
  name: string
  isPartition: boolean
  parent: string | null
  primaryKey: string[]
  estimate: number
  pageBytes: number
  canRead: boolean
  isFiltered: boolean
}

// Looks at the files of the tables, for which each of them is locked against being dropped.
const SIZES = `
  select c.oid::text as oid, pg_relation_size(c.oid)::float8 as own, pg_total_relation_size(c.oid)::float8 as total
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind = 'r'`

type Size = { own: number; total: number }

/** All tables of the schemas with their rows and sizes, and what could not be looked at. */
export async function readTables(
  session: Session,
  { schemas, models, signal }: { schemas: string[]; models: TableModel[]; signal: AbortSignal },
): Promise<{ tables: Map<string, LiveTable>; incomplete: string[] }> {
  const facts = await session.query<TableFacts>(FACTS, [schemas])
  const byKey = new Map(facts.map((one) => [keyOf(one), one]))
  const sizes = await readSizes(session, schemas, facts)
  const parts = Map.groupBy(facts, ({ parent }) => parent)
  const problems: Problem[] = []
  const tables = new Map<string, LiveTable>()
  for (const model of models) {
    signal.throwIfAborted()
    const own = byKey.get(model.name)
    if (!own) continue
    const leaves = model.kind === 'partitioned' ? leavesOf(own, parts) : [own]
    const size = model.kind === 'foreign' ? null : sumOf(leaves, sizes)
    const rows = await rowsOf(
      session,
      { own, leaves, size, isDivided: model.kind === 'partitioned' },
      problems,
    )
    tables.set(keyOf(own), {
      schema: own.schema,
      name: own.name,
      owner: model.owner,
      kind: model.kind,
      isPartition: own.isPartition,
      columns: model.columns,
      primaryKey: own.primaryKey,
      hasRowSecurity: model.rowSecurity !== 'off',
      bytes: size?.total ?? null,
      ...rows,
    })
  }
  return { tables, incomplete: linesOf(problems) }
}

async function readSizes(
  session: Session,
  schemas: string[],
  facts: TableFacts[],
): Promise<Map<string, Size>> {
  const read = await attempt(session, () => session.query<Size & { oid: string }>(SIZES, [schemas]))
  // A table that somebody has locked keeps us from all of them: then what was last noted has to do.
  if (read.error)
    return new Map(facts.map(({ oid, pageBytes }) => [oid, { own: pageBytes, total: pageBytes }]))
  return new Map(read.value.map(({ oid, own, total }) => [oid, { own, total }]))
}

/** The parts of a partitioned table that hold rows. */
function leavesOf({ oid }: TableFacts, parts: Map<string | null, TableFacts[]>): TableFacts[] {
  return (parts.get(oid) ?? []).flatMap((part) => (parts.has(part.oid) ? leavesOf(part, parts) : [part]))
}

function sumOf(leaves: TableFacts[], sizes: Map<string, Size>): Size {
  const known = leaves.map(({ oid }) => sizes.get(oid) ?? { own: 0, total: 0 })
  return {
    own: known.reduce((sum, { own }) => sum + own, 0),
    total: known.reduce((sum, { total }) => sum + total, 0),
  }
}

type Problem = { table: string; why: string }
type Counting = { own: TableFacts; leaves: TableFacts[]; size: Size | null; isDivided: boolean }

async function rowsOf(
  session: Session,
  { own, leaves, size, isDivided }: Counting,
  problems: Problem[],
): Promise<{ rows: number | null; isCounted: boolean }> {
  if (size === null) return { rows: null, isCounted: false }
  const isKnown = leaves.every(({ estimate }) => estimate >= 0)
  const rows = isKnown ? Math.round(leaves.reduce((sum, { estimate }) => sum + estimate, 0)) : null
  const estimated = { rows, isCounted: false }
  if (own.isPartition || size.own > COUNTED_BYTES) return estimated
  const table = keyOf(own)
  if (!own.canRead) problems.push({ table, why: 'no permission to read' })
  else if (own.isFiltered) problems.push({ table, why: 'row security hides rows from this user in' })
  else {
    const name = `${quoteIdentifier(own.schema)}.${quoteIdentifier(own.name)}`
    // Tables that inherit from it are tables of their own.
    const counted = await attempt(session, () =>
      session.query<{ rows: number }>(`select count(*) as rows from ${isDivided ? '' : 'only '}${name}`),
    )
    if (!counted.error) return { rows: counted.value[0]!.rows, isCounted: true }
    problems.push({ table, why: whyNot(counted.error) })
  }
  return estimated
}

function whyNot(error: unknown): string {
  const code = findSqlError(error)?.code
  if (code === SQLSTATE.insufficientPrivilege) return 'no permission to read'
  if (code === SQLSTATE.lockNotAvailable) return 'somebody has locked'
  return code === SQLSTATE.queryCanceled ? 'it took too long to count' : 'an error came of counting'
}

/** A line for each table, or one for many. */
function linesOf(problems: Problem[]): string[] {
  return [...Map.groupBy(problems, ({ why }) => why)].flatMap(([why, all]) => {
    if (all.length <= LISTED)
      return all.map(({ table }) => `database: ${why} ${table}: its rows are estimated`)
    const shown = all.slice(0, LISTED).map(({ table }) => table)
    return `database: ${why} ${all.length} tables, as ${shown.join(', ')}: their rows are estimated`
  })
}
