import pg from 'pg'

import type { Database, NotificationHandler, Session, TransactionMode } from './database.ts'
import { listenSql, Notifications, ServerListener, unlistenSql } from './listener.ts'
import { EmbeddedEngine } from './pglite.ts'
import { PreparingClient } from './preparing-client.ts'
import { quoteIdentifier } from './quote.ts'
import { createAppKysely, STATEMENT_TIMEOUT_MS, type Tx } from './tx.ts'
import { valueTypes } from './value-types.ts'

// Longer than a request's own limit: deploy and index builds run on the same engine.
const EMBEDDED_MAX_STATEMENT_MS = 20 * STATEMENT_TIMEOUT_MS
const READY_WITHIN_MS = 800
const APP_POOL_SIZE = 10
const DEPLOYER_POOL_SIZE = 4

export type ServerOptions = {
  /** The deployer's address. */
  url: string
  /** A login for requests; null uses the deployer's. */
  appUrl: string | null
  /** Schemas that unqualified names are looked up in, in this order. */
  schemas: string[]
  poolSize?: number
}

/** A PostgreSQL server. Connects lazily: a wrong address shows at the first statement. */
export function openServer(options: ServerOptions): Database {
  const config = (connectionString: string, max: number): pg.PoolConfig => ({
    connectionString,
    max,
    types: valueTypes,
    connectionTimeoutMillis: 10_000,
    application_name: 'robbieverse',
  })
  const deployerPool = new pg.Pool(config(options.url, DEPLOYER_POOL_SIZE))
  const appPool = new pg.Pool(config(options.appUrl ?? options.url, options.poolSize ?? APP_POOL_SIZE))
  for (const pool of [deployerPool, appPool]) surviveLoss(pool)
  const notifications = new Notifications()
  const listener = new ServerListener(
    () => new pg.Client({ connectionString: options.url, keepAlive: true }),
    notifications,
  )
  return assemble({
    backend: 'server',
    appPool,
    deployerPool,
    schemas: options.schemas,
    notifications,
    runListen: (sql) => listener.run(sql),
    isReady: () => answersWithin(deployerPool),
    close: async () => {
      await listener.close()
      await Promise.all([appPool.end(), deployerPool.end()])
    },
  })
}

export type EmbeddedDatabaseOptions = {
  /** Folder of the data; null keeps everything in memory. */
  dataDir: string | null
  image?: Uint8Array
  schemas: string[]
  maxStatementMs?: number
}

/** The embedded database. The caller holds the home's lock: two engines on one folder corrupt it. */
export function openEmbedded(options: EmbeddedDatabaseOptions): Database {
  const engine = new EmbeddedEngine({
    dataDir: options.dataDir,
    ...(options.image ? { image: options.image } : {}),
    maxStatementMs: options.maxStatementMs ?? EMBEDDED_MAX_STATEMENT_MS,
  })
  const notifications = new Notifications()
  let hasConnected = false
  const pool = new pg.Pool({
    // One session for ever: PGlite has no second one, and closing an idle client would lose its LISTENs.
    max: 1,
    idleTimeoutMillis: 0,
    Client: PreparingClient,
    user: 'postgres',
    database: 'postgres',
    types: valueTypes,
    stream: () => engine.openStream() as never,
    // The pool waits for the promise, whatever its type says: nobody queries before the LISTENs are back.
    onConnect: (async (client: pg.ClientBase) => {
      notifications.attach(client)
      for (const channel of notifications.channels()) await client.query(listenSql(channel))
      if (hasConnected) notifications.reconnected()
      hasConnected = true
    }) as (client: pg.ClientBase) => void,
  })
  surviveLoss(pool)
  return assemble({
    backend: 'embedded',
    appPool: pool,
    deployerPool: pool,
    schemas: options.schemas,
    notifications,
    runListen: async (sql) => void (await pool.query(sql)),
    // A statement may be running for minutes; the engine is ready when it can be reached at all.
    isReady: async () => hasConnected,
    close: async () => {
      await pool.end()
      await engine.close()
    },
  })
}

/** A lost connection fails its query, which is told; the event beside it, idle or in use, would end the process. */
function surviveLoss(pool: pg.Pool): void {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
}

type Parts = {
  backend: Database['backend']
  appPool: pg.Pool
  deployerPool: pg.Pool
  schemas: string[]
  notifications: Notifications
  runListen(sql: string): Promise<void>
  isReady(): Promise<boolean>
  close(): Promise<void>
}

function assemble(parts: Parts): Database {
  const kysely = createAppKysely(parts.appPool, parts.schemas.map(quoteIdentifier).join(', '))
  let closing: Promise<void> | null = null
  return {
    backend: parts.backend,
    deployerPool: parts.deployerPool,
    kysely,
    transaction: <T>(mode: TransactionMode, work: (tx: Tx) => Promise<T>) =>
      kysely
        .transaction()
        .setAccessMode(mode === 'read' ? 'read only' : 'read write')
        .execute(work),
    session: (work) => withSession(parts.deployerPool, parts.backend, work),
    listen: (channel, handler) => listen(parts, channel, handler),
    onReconnect: (handler) => parts.notifications.onReconnect(handler),
    isReady: () => parts.isReady(),
    close: () => (closing ??= parts.close()),
  }
}

async function withSession<T>(
  pool: pg.Pool,
  backend: Database['backend'],
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    return await work({
      backend,
      query: async <Row extends object>(text: string, values?: unknown[]) =>
        (await client.query(text, values)).rows as Row[],
      exec: async (text) => void (await client.query(text)),
    })
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    // After a failure the session may hold an open transaction or a lock: on a server it is thrown away.
    if (broken && backend === 'embedded') {
      await client.query('rollback; reset role; reset all').catch(() => undefined)
    }
    client.release(backend === 'server' ? broken : undefined)
  }
}

async function listen(
  parts: Parts,
  channel: string,
  handler: NotificationHandler,
): Promise<() => Promise<void>> {
  if (parts.notifications.add(channel, handler)) await parts.runListen(listenSql(channel))
  return async () => {
    if (parts.notifications.remove(channel, handler))
      await parts.runListen(unlistenSql(channel)).catch(() => undefined)
  }
}

/** Whether the server answers soon. A first failure may be a connection that died while it was idle: asked once more. */
async function answersWithin(pool: pg.Pool): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), READY_WITHIN_MS).unref())
  const ask = () => pool.query('select 1')
  const answered = ask()
    .catch(ask)
    .then(
      () => true,
      () => false,
    )
  return Promise.race([answered, late])
}
