import { CompiledQuery, Kysely, PostgresDialect, PostgresDriver, sql, type Transaction } from 'kysely'
import type { Driver, PostgresDialectConfig, PostgresPool, TransactionSettings } from 'kysely'
import type { DatabaseConnection, QueryResult, RawBuilder } from 'kysely'

import { UNAWAITED } from './request-client.ts'
import type { Schema } from './schema.gen.ts'

/**
 * An open transaction as the application role, with the search path of every module. Town and actor are settings in it
 * once `identity` has authenticated; before that row-level security shows nothing.
 */
export type Tx = Transaction<Schema>

/** The role of every request; owns nothing, cannot bypass row-level security. */
export const APP_ROLE = 'robbieverse_app'
/** The role that owns every object; never a superuser, whose views and functions would bypass row-level security. */
export const OWNER_ROLE = 'robbieverse_owner'

/** The town of whoever acts, for what is asked together with the sign-in; null when nobody does. */
export const actingTown = sql<string>`nullif(current_setting('app.town_id', true), '')::uuid`

/** Longest that one statement of a request may take, milliseconds. */
export const STATEMENT_TIMEOUT_MS = 30_000

/**
 * Runs calls whose results nobody needs, in one statement; the next one of the transaction, or its commit, is sent without
 * waiting for it. Where one fails, that next one fails with its error: never catch it here.
 */
export async function callUnawaited(tx: Tx, calls: RawBuilder<unknown>[]): Promise<void> {
  await sql`${sql.raw(UNAWAITED)}select ${sql.join(calls)}`.execute(tx)
}

/**
 * Runs a statement together with those of `next`, which runs at least one: the first of them is sent without waiting for the
 * answer of the statement, and fails with its error.
 */
export async function runWith<Row, T>(
  tx: Tx,
  statement: RawBuilder<Row>,
  next: () => Promise<T>,
): Promise<{ rows: Row[]; next: T }> {
  const sent = await sql<Promise<QueryResult<Row>>>`${sql.raw(UNAWAITED)}${statement}`.execute(tx)
  // Where both fail, what comes first is the reason.
  const [answer, { rows }] = await Promise.all([next(), sent.rows[0]!])
  return { rows, next: answer }
}

/** Makes a fresh connection of requests the application role's, whoever logged in. */
export async function setAppRole(client: { query(text: string): Promise<unknown> }): Promise<void> {
  await client.query(`set role ${APP_ROLE}`)
}

class AppDriver extends PostgresDriver {
  readonly #begin: { read: CompiledQuery; write: CompiledQuery }

  constructor(config: PostgresDialectConfig, searchPath: string) {
    super(config)
    // One simple-protocol message. The first statement is sent behind it without waiting: what is refused in it leaves an
    // aborted transaction. Were it refused as a whole, that statement would run as whoever the connection belongs to: on a
    // server the application role (`setAppRole`); nothing can refuse this text, or cancel it, on the embedded database.
    const settings =
      `set local role ${APP_ROLE}; set local search_path to ${searchPath}; ` +
      `set local statement_timeout to ${STATEMENT_TIMEOUT_MS}; set local timezone to 'UTC'`
    this.#begin = {
      read: CompiledQuery.raw(`${UNAWAITED}begin read only; ${settings}`),
      write: CompiledQuery.raw(`${UNAWAITED}begin; ${settings}`),
    }
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    // Kysely rolls back when the first statement fails with it.
    await connection.executeQuery(settings.accessMode === 'read only' ? this.#begin.read : this.#begin.write)
  }

  override async rollbackTransaction(
    connection: Parameters<PostgresDriver['rollbackTransaction']>[0],
  ): Promise<void> {
    // It fails when the connection is gone, and the transaction with it: what ended both is the error to tell.
    await super.rollbackTransaction(connection).catch(() => undefined)
  }
}

class AppDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig
  readonly #searchPath: string

  constructor(config: PostgresDialectConfig, searchPath: string) {
    super(config)
    this.#config = config
    this.#searchPath = searchPath
  }

  override createDriver(): Driver {
    return new AppDriver(this.#config, this.#searchPath)
  }
}

/** Kysely over a pool whose transactions run as the application role. `searchPath` is quoted SQL. */
export function createAppKysely(pool: PostgresPool, searchPath: string): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new AppDialect({ pool }, searchPath) })
}
