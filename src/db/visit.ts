import pg from 'pg'

import type { Session } from './database.ts'
import { valueTypes } from './value-types.ts'

export type Visit = {
  url: string
  /** Milliseconds for connecting, for one statement, and for waiting for one lock. */
  connectMs: number
  statementMs: number
  lockMs: number
  /** Ends the connection, whatever runs on it. */
  signal: AbortSignal
}

/**
 * Runs `work` on any PostgreSQL server, in one read-only transaction that sees one state and is rolled back. Nothing is
 * expected to be there: no role, schema or extension of ours. Rejects with what the driver says.
 */
export async function visitServer<T>(visit: Visit, work: (session: Session) => Promise<T>): Promise<T> {
  visit.signal.throwIfAborted()
  const client = new pg.Client({
    connectionString: visit.url,
    application_name: 'robbieverse analyze',
    connectionTimeoutMillis: visit.connectMs,
    // The server's own limit comes first; this one is for a server that is gone without a word.
    query_timeout: visit.statementMs + visit.connectMs,
    types: valueTypes,
  })
  client.on('error', () => undefined)
  const end = () => void client.end().catch(() => undefined)
  visit.signal.addEventListener('abort', end, { once: true })
  try {
    await client.connect()
    await client.query('begin isolation level repeatable read, read only')
    // Set for the transaction alone: a pooler between gives the connection to others. Where policies would hide rows
    // an error is raised instead, so that no function of a policy runs and nothing is miscounted.
    // A first query also keeps the transaction from being made one that writes.
    await client.query(
      `select set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
         set_config('row_security', 'off', true)`,
      [visit.statementMs, visit.lockMs].map((ms) => String(Math.ceil(ms))),
    )
    const result = await work({
      backend: 'server',
      query: async <Row extends object>(text: string, values?: unknown[]) =>
        (await client.query(text, values)).rows as Row[],
      exec: async (text) => void (await client.query(text)),
    })
    await client.query('rollback')
    return result
  } catch (error) {
    visit.signal.throwIfAborted()
    throw error
  } finally {
    visit.signal.removeEventListener('abort', end)
    await client.end().catch(() => undefined)
  }
}
