import { CompiledQuery, Kysely, PostgresDialect, PostgresDriver, sql, type Transaction } from 'kysely'
import type { Driver, PostgresDialectConfig, PostgresPool, TransactionSettings } from 'kysely'
import type { DatabaseConnection, RawBuilder } from 'kysely'

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

/** Longest that one statement of a request may take, milliseconds. */
export const STATEMENT_TIMEOUT_MS = 30_000

/**
 * Runs calls whose results nobody needs, in one statement that travels with the next one of the transaction, or with its
 * commit. Where one fails, that next one fails with its error: never catch it here.
 */
export async function callUnawaited(tx: Tx, calls: RawBuilder<unknown>[]): Promise<void> {
  await sql`${sql.raw(UNAWAITED)}select ${sql.join(calls)}`.execute(tx)
}

class AppDriver extends PostgresDriver {
  readonly #begin: { read: CompiledQuery; write: CompiledQuery }

  constructor(config: PostgresDialectConfig, searchPath: string) {
    super(config)
    // One simple-protocol message, one round trip: the role is set before anything else can run.
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
    // Its failure, too, leaves a transaction to roll back: Kysely does so when the first statement fails with it.
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
