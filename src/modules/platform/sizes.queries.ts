import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

const LARGEST = 10

export type Sizes = {
  queue: { pendingReplies: number }
  sizes: { databaseBytes: number; largestTables: { name: string; bytes: number; rows: number }[] }
}

/** How large the database is, its largest tables (rows as last estimated), and what waits for a reply in this town. */
export async function readSizes(tx: Tx, schemas: string[]): Promise<Sizes> {
  const tables = await sql<{ name: string; bytes: number; rows: number }>`
    select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid) as bytes,
      greatest(c.reltuples, 0)::bigint as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}) and c.relkind = 'r'
    order by 2 desc, 1
    limit ${LARGEST}`.execute(tx)
  const totals = await sql<{ bytes: number; pending: number }>`
    select pg_database_size(current_database()) as bytes,
      (select count(*) from messages m
       where m.town_id = nullif(current_setting('app.town_id', true), '')::uuid and m.status = 'pending') as pending`.execute(
    tx,
  )
  return {
    queue: { pendingReplies: totals.rows[0]!.pending },
    sizes: { databaseBytes: totals.rows[0]!.bytes, largestTables: tables.rows },
  }
}
