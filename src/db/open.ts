import pg from 'pg'

import { kernelErrors } from '../kernel/errors.ts'
import type { Database, NotificationHandler, Session, TransactionMode } from './database.ts'
import { listenSql, Notifications, ServerListener, unlistenSql } from './listener.ts'
import { EmbeddedEngine } from './pglite.ts'
import { quoteIdentifier } from './quote.ts'
import { requestPool } from './request-client.ts'
import { createAppKysely, setAppRole, STATEMENT_TIMEOUT_MS, type Tx } from './tx.ts'
import { valueTypes } from './value-types.ts'

// Deploy and index builds run on the same engine as requests, and take longer.
const SESSION_STATEMENT_MS = 20 * STATEMENT_TIMEOUT_MS
// As long as the one statement may take that is waited for.
const EMBEDDED_WAIT_MS = STATEMENT_TIMEOUT_MS
const SERVER_WAIT_MS = 10_000
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
}

/** A PostgreSQL server. Connects lazily: a wrong address shows at the first statement. */
export function openServer(options: ServerOptions): Database {
  const config = (connectionString: string, max: number): pg.PoolConfig => ({
    connectionString,
    max,
    types: valueTypes,
    connectionTimeoutMillis: SERVER_WAIT_MS,
    application_name: 'robbieverse',
  })
  const deployerPool = new pg.Pool(config(options.url, DEPLOYER_POOL_SIZE))
  const appPool = new pg.Pool({
    ...config(options.appUrl ?? options.url, APP_POOL_SIZE),
    ...requestPool,
    // The pool waits for the promise, whatever its type says.
    onConnect: setAppRole as (client: pg.ClientBase) => void,
  })
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
    connectSession: async () => {
      const client = await deployerPool.connect()
      // After a failure it may hold an open transaction or a lock: it is thrown away.
      return { client, giveBack: (failure) => client.release(failure) }
    },
    isReady: () => answers(deployerPool),
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
  /** Whether the extensions that PostgreSQL ships can be created, beside pgvector. */
  withContrib?: boolean
  schemas: string[]
  limits?: Partial<EmbeddedLimits>
  /** Asked before the folder is opened, also anew; throws when it belongs to another process. */
  mayStart?: () => void
}

/** Milliseconds; a statement that runs longer ends the engine's thread. */
export type EmbeddedLimits = {
  /** One statement of a request, and of the libraries on the deployer's pool. */
  requestMs: number
  /** One statement of a session. */
  sessionMs: number
  /** How long is waited for those before; opening the folder for a session is not counted. */
  waitMs: number
}

/** The embedded database. The caller holds the home's lock: two engines on one folder corrupt it. */
export function openEmbedded(options: EmbeddedDatabaseOptions): Database {
  const limits: EmbeddedLimits = {
    requestMs: STATEMENT_TIMEOUT_MS,
    sessionMs: SESSION_STATEMENT_MS,
    waitMs: EMBEDDED_WAIT_MS,
    ...options.limits,
  }
  const engine = new EmbeddedEngine({
    dataDir: options.dataDir,
    ...(options.image ? { image: options.image } : {}),
    ...(options.withContrib ? { withContrib: true } : {}),
    ...(options.mayStart ? { mayStart: options.mayStart } : {}),
    maxStatementMs: limits.requestMs,
  })
  const notifications = new Notifications()
  const pool = new pg.Pool({
    // One session for ever: PGlite has no second one, and closing an idle client would lose its LISTENs.
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: limits.waitMs,
    ...requestPool,
    user: 'postgres',
    database: 'postgres',
    types: valueTypes,
    stream: () => engine.openStream() as never,
    // The pool waits for the promise, whatever its type says: nobody queries before the LISTENs are back.
    onConnect: ((client: pg.ClientBase) => notifications.resume(client)) as (client: pg.ClientBase) => void,
  })
  surviveLoss(pool)
  return assemble({
    backend: 'embedded',
    appPool: pool,
    deployerPool: pool,
    schemas: options.schemas,
    notifications,
    runListen: async (sql) => void (await pool.query(sql)),
    connectSession: async () => {
      // A folder that a crash left may take longer to open than anybody should wait for others.
      await engine.open()
      const client = await pool.connect()
      // There is one client, so the limit is this session's alone.
      const restoreLimit = engine.limitStatements(limits.sessionMs)
      const giveBack = async (failure: Error | undefined) => {
        restoreLimit()
        if (failure) await client.query('rollback; reset role; reset all').catch(() => undefined)
        client.release()
      }
      return { client, giveBack }
    },
    // A statement may be running for long; the engine is ready when it can be reached at all. While this says no
    // nobody may be sent here, so the question itself opens it.
    isReady: async () => engine.isOpen || isSoon(engine.open()),
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

type SessionClient = {
  client: pg.PoolClient
  /** Gives the client back, clean, or not at all after a failure. */
  giveBack(failure: Error | undefined): Promise<void> | void
}

type Parts = {
  backend: Database['backend']
  appPool: pg.Pool
  deployerPool: pg.Pool
  schemas: string[]
  notifications: Notifications
  runListen(sql: string): Promise<void>
  connectSession(): Promise<SessionClient>
  isReady(): Promise<boolean>
  close(): Promise<void>
}

function assemble(parts: Parts): Database {
  const kysely = createAppKysely(parts.appPool, parts.schemas.map(quoteIdentifier).join(', '))
  let closing: Promise<void> | null = null
  return {
    backend: parts.backend,
    deployerPool: parts.deployerPool,
    transaction: <T>(mode: TransactionMode, work: (tx: Tx) => Promise<T>, signal?: AbortSignal) =>
      kysely
        .transaction()
        .setAccessMode(mode === 'read' ? 'read only' : 'read write')
        .execute((tx) => {
          // Whoever waited in vain for a connection must not keep it from those who still want theirs.
          if (signal?.aborted) throw kernelErrors.CANCELLED()
          return work(tx)
        }),
    session: (work) => withSession(parts, work),
    listen: (channel, handler) => listen(parts, channel, handler),
    onReconnect: (handler) => parts.notifications.onReconnect(handler),
    isReady: () => parts.isReady(),
    close: () => (closing ??= parts.close()),
  }
}

async function withSession<T>(parts: Parts, work: (session: Session) => Promise<T>): Promise<T> {
  const { client, giveBack } = await parts.connectSession()
  let failure: Error | undefined
  try {
    return await work({
      backend: parts.backend,
      query: async <Row extends object>(text: string, values?: unknown[]) =>
        (await client.query(text, values)).rows as Row[],
      exec: async (text) => void (await client.query(text)),
    })
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    await giveBack(failure)
  }
}

async function listen(
  { notifications, runListen }: Parts,
  channel: string,
  handler: NotificationHandler,
): Promise<() => Promise<void>> {
  await notifications.add(channel, handler, () => runListen(listenSql(channel)))
  return async () => {
    if (notifications.remove(channel, handler)) await runListen(unlistenSql(channel)).catch(() => undefined)
  }
}

/** Whether the server answers soon. A first failure may be a connection that died while it was idle: asked once more. */
function answers(pool: pg.Pool): Promise<boolean> {
  const ask = () => pool.query('select 1')
  return isSoon(ask().catch(ask))
}

async function isSoon(answer: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), READY_WITHIN_MS).unref())
  const answered = answer.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, late])
}
