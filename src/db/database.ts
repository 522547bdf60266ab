import type pg from 'pg'

import type { Tx } from './tx.ts'

export type Backend = 'embedded' | 'server'

/** A connection of the deployer, for the catalogue, deploy and sign-in: SQL text in, rows out. */
export type Session = {
  readonly backend: Backend
  /** One statement with parameters. Rows are as the shared value types say. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  /** Any number of statements without parameters, in one round trip. */
  exec(text: string): Promise<void>
}

export type TransactionMode = 'read' | 'write'

export type NotificationHandler = (payload: string) => void

/** The database as the rest of the product sees it; the drivers are behind it. */
export type Database = {
  readonly backend: Backend
  /**
   * Runs `work` in one transaction as the application role and commits, or rolls back when it throws.
   * Never call it inside `work`: the embedded database has one connection, and the inner call would wait in vain.
   * Throws CANCELLED when `signal` was aborted before the connection was had.
   */
  transaction<T>(mode: TransactionMode, work: (tx: Tx) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Runs `work` on a connection of the deployer, with no transaction open. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Calls `handler` for each notification on `channel`, across reconnects, until the returned function is called. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>
  /** Called after a lost listening connection is back: what was notified meanwhile must be read again. */
  onReconnect(handler: () => void): () => void
  /** Whether the database can be asked, without waiting behind a running statement. Opens it again if it ended. */
  isReady(): Promise<boolean>
  /** The deployer's pool, for libraries that bring their own queries (sign-in, jobs). */
  readonly deployerPool: pg.Pool
  close(): Promise<void>
}
