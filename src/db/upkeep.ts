import type { Logger } from '../kernel/logger.ts'
import type { Database } from './database.ts'
import { quoteIdentifier } from './quote.ts'

const EVERY_MS = 60_000

/**
 * What the embedded engine, which has no background workers, leaves undone: removing dead rows and counting for the
 * planner. The thresholds are those of PostgreSQL's autovacuum (50 rows and a fifth, or a tenth, of the table), and each
 * table is counted once: what changed before a crash is in no statistics.
 */
const DUE = `
  select t.schemaname as schema, t.relname as name
  from pg_catalog.pg_stat_user_tables t
  join pg_catalog.pg_class c on c.oid = t.relid
  where t.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
    or t.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
    or c.reltuples < 0 and pg_catalog.pg_relation_size(c.oid) > 0
  order by t.n_mod_since_analyze desc`

/** Vacuums and analyses the tables that changed much since the last time, one statement each; returns their names. */
export async function vacuumDueTables(database: Database): Promise<string[]> {
  const due = await database.session(async (session) => {
    // Counts reach the statistics when a session is idle for a while; the only session here may never be.
    await session.query('select pg_catalog.pg_stat_force_next_flush()')
    return session.query<{ schema: string; name: string }>(DUE)
  })
  const names = due.map(({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
  // A session for each: the engine has one connection, and requests are let in between two tables.
  for (const name of names) await database.session((session) => session.exec(`vacuum (analyze) ${name}`))
  return names
}

/** Does so at once and once a minute until the returned function is called, which waits for a run under way. */
export function keepUp(database: Database, options: { log: Logger; everyMs?: number }): () => Promise<void> {
  let isBusy = false
  const run = async () => {
    isBusy = true
    try {
      const tables = await vacuumDueTables(database)
      if (tables.length > 0) options.log.debug({ tables }, 'tables were vacuumed')
    } catch (err) {
      options.log.warn({ err }, 'tables could not be vacuumed')
    } finally {
      isBusy = false
    }
  }
  let running = run()
  const timer = setInterval(() => {
    if (!isBusy) running = run()
  }, options.everyMs ?? EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
