import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { SystemStatus } from '../../kernel/services.ts'

const LARGEST = 10

/**
 * How large the database is, and its largest tables. Rows are an estimate: of the last analysis, or of what was counted
 * since where that is more.
 */
export async function readSizes(tx: Tx, schemas: string[]): Promise<NonNullable<SystemStatus['sizes']>> {
  const tables = await sql<{ name: string; bytes: number; rows: number }>`
    select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid) as bytes,
      greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0) as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}) and c.relkind = 'r'
    order by 2 desc, 1
    limit ${LARGEST}`.execute(tx)
  const database = await sql<{ bytes: number }>`
    select pg_database_size(current_database()) as bytes`.execute(tx)
  return { databaseBytes: database.rows[0]!.bytes, largestTables: tables.rows }
}
