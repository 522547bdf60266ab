import type { Session } from '../db/database.ts'
import { deployErrors } from './deploy.errors.ts'

// The letters 'robb' as a number, so that the lock is ours among others of the same database.
const LOCK_KEY = 0x726f6262
const POLL_MS = 100

/**
 * Runs `work` while holding the database's deploy lock. The lock is polled: waiting inside `pg_advisory_lock` holds a
 * snapshot, and `create index concurrently` of the holder would wait for that snapshot for ever.
 * Throws DEPLOY_LOCK_TIMEOUT after `limitMs`. The embedded database has one session and needs no lock.
 */
export async function withDeployLock<T>(
  session: Session,
  limitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  if (session.backend === 'embedded') return work()
  const deadline = performance.now() + limitMs
  while (!(await tryLock(session))) {
    if (performance.now() > deadline) throw deployErrors.DEPLOY_LOCK_TIMEOUT({ data: { waitedMs: limitMs } })
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  try {
    return await work()
  } finally {
    // On a connection that was lost the lock is gone already; its error must not hide the first one.
    await session.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => undefined)
  }
}

async function tryLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    LOCK_KEY,
  ])
  return row?.locked === true
}

/**
 * Keeps deploys out until the open transaction ends, so that what it reads of the structure belongs together; false
 * when one runs right now. Readers do not keep each other out.
 */
export async function tryKeepDeploysOut(session: Session): Promise<boolean> {
  if (session.backend === 'embedded') return true
  const [row] = await session.query<{ locked: boolean }>(
    'select pg_try_advisory_xact_lock_shared($1) as locked',
    [LOCK_KEY],
  )
  return row?.locked === true
}
