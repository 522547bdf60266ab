import { CompiledQuery, Kysely, PostgresDialect, PostgresDriver, type Transaction } from 'kysely'
import type { Driver, PostgresDialectConfig, PostgresPool, TransactionSettings } from 'kysely'
import type { DatabaseConnection } from 'kysely'

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

class AppDriver extends PostgresDriver {
  readonly #begin: { read: CompiledQuery; write: CompiledQuery }

  constructor(config: PostgresDialectConfig, searchPath: string) {
    super(config)
    // One simple-protocol message, one round trip: the role is set before anything else can run.
    const settings =
      `set local role ${APP_ROLE}; set local search_path to ${searchPath}; ` +
      `set local statement_timeout to ${STATEMENT_TIMEOUT_MS}; set local timezone to 'UTC'`
    this.#begin = {
      read: CompiledQuery.raw(`begin read only; ${settings}`),
      write: CompiledQuery.raw(`begin; ${settings}`),
    }
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    try {
      await connection.executeQuery(
        settings.accessMode === 'read only' ? this.#begin.read : this.#begin.write,
      )
    } catch (error) {
      // A refused setting leaves a transaction open that Kysely takes for one that never began.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
      throw error
    }
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
