import type { Session } from '../../../db/database.ts'
import { findSqlError } from '../../../db/sql-error.ts'

/** What a statement came to: when the server refused it, the transaction is as it was before. */
export type Attempt<T> = { value: T; error: null } | { error: Error }

/** Tries something inside the transaction. Rejects only where there is no server any more. */
export async function attempt<T>(session: Session, work: () => Promise<T>): Promise<Attempt<T>> {
  await session.exec('savepoint robbie')
  try {
    const value = await work()
    await session.exec('release robbie')
    return { value, error: null }
  } catch (error) {
    if (!findSqlError(error)) throw error
    await session.exec('rollback to robbie; release robbie')
    return { error: error as Error }
  }
}
