import type { Database } from '../db/database.ts'
import type { Module } from '../db/module.ts'
import type { AnyOperation } from '../db/operation.ts'
import type { Door } from '../doors/door.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import type { Logger } from '../kernel/logger.ts'

/** What a served application says about itself. */
export type Served = {
  address: string
  /** One-time address that signs the owner in; until somebody has signed in. */
  signInLink: string | null
  close(): Promise<void>
}

/** RobbieVerse in this process: database open and deployed, operations ready to be called. */
export type App = {
  config: Config
  database: Database
  door: Door
  operations: readonly AnyOperation[]
  /** Contents of $ROBBIEVERSE_HOME/api-key. */
  ownerKey: string
  serve(): Promise<Served>
  close(): Promise<void>
}

/**
 * What the command line needs of the rest of the product; handed in by the entry point, because imports go from the
 * composition root to its adapters and never back.
 */
export type Host = {
  version: string
  operations: readonly AnyOperation[]
  modules: readonly Module[]
  /** Locks the home (embedded), opens, deploys. Throws `HomeInUseError`. */
  openApp(config: Config, options: { command: string; log: Logger; clock: Clock }): Promise<App>
  /**
   * Locks the home (embedded) and opens; deploys nothing. With `isDry` a home that is not there is not made either.
   * Throws `HomeInUseError`.
   */
  openDatabase(
    config: Config,
    options: { command: string; isDry?: boolean },
  ): Promise<{ database: Database; release: () => Promise<void> }>
}
