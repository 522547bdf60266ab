import type { Database, Session } from '../../../db/database.ts'
import { openEmbedded } from '../../../db/open.ts'
import { findSqlError } from '../../../db/sql-error.ts'
import type { SqlFailure } from './sql-failure.ts'

/** One statement of a user may take this long. */
const STATEMENT_MS = 5_000

/** After so many statements the engine is begun anew: what it once knew of undone tables stays in its memory. */
const MOST_STATEMENTS = 3_000

/** The engine ended under a statement: it took too long, or the engine could not bear it. */
export class ScratchLost extends Error {}

/** A PostgreSQL of nobody, in memory, in which anything may be tried. */
export class Scratch {
  #database: Database | null = null
  #statements = 0

  /** Runs `work` in a transaction that is undone. Rejects with `ScratchLost` when the engine ended meanwhile. */
  async inEmpty<T>(work: (runner: ScratchRunner) => Promise<T>): Promise<T> {
    if (this.#statements > MOST_STATEMENTS) await this.close()
    const database = (this.#database ??= openEmbedded({
      dataDir: null,
      withContrib: true,
      schemas: ['public'],
      limits: { sessionMs: STATEMENT_MS },
    }))
    try {
      return await database.session(async (session) => {
        await session.exec('begin')
        try {
          return await work(await ScratchRunner.begin(session, () => (this.#statements += 1)))
        } finally {
          await session.exec('rollback; reset role; reset all')
        }
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const database = this.#database
    this.#database = null
    this.#statements = 0
    await database?.close().catch(() => undefined)
  }
}

/** Runs statements one after another, each undone alone when it fails. */
export class ScratchRunner {
  readonly #session: Session

  readonly #onRun: () => void

  /** In a transaction that is open already. `onRun` is called for each statement. */
  static async begin(session: Session, onRun: () => void): Promise<ScratchRunner> {
    await session.exec('savepoint robbie')
    return new ScratchRunner(session, onRun)
  }

  private constructor(session: Session, onRun: () => void) {
    this.#session = session
    this.#onRun = onRun
  }

  /** Null when it worked. Rejects with `ScratchLost` when there is no engine any more. */
  async run(text: string): Promise<SqlFailure | null> {
    this.#onRun()
    try {
      // A statement may end in a comment without a line end.
      await this.#session.exec(`${text}\n; release robbie; savepoint robbie`)
      return null
    } catch (error) {
      const failure = findSqlError(error)
      if (!failure) throw new ScratchLost((error as Error).message, { cause: error })
      // It was set before, since of a text that cannot be parsed nothing is run at all.
      await this.#session.exec('rollback to robbie').catch((cause: unknown) => {
        throw new ScratchLost('the statement ended its transaction', { cause })
      })
      const { detail } = error as { detail?: string }
      return { code: failure.code, message: failure.message, detail: detail ?? null }
    }
  }
}
