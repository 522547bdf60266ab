import type { Difference } from '../catalog/diff.ts'
import type { Session } from '../db/database.ts'
import { sortModules, type Module } from '../db/module.ts'
import { findDrift, unknownDrift } from './drift.ts'
import { checkLedger, keyOf, readLedger } from './ledger.ts'
import { tryKeepDeploysOut } from './lock.ts'
import { loadBootstrap, loadSources } from './sources.ts'

/** Where a database stands. `pending` names what deploy would apply; `drift` how the live structure differs. */
export type DeployStatus = {
  isDeployed: boolean
  /** A deploy runs right now: `applied` and `pending` are of this moment, and drift is unknown. */
  isDeploying: boolean
  serverVersion: string
  vectorVersion: string | null
  applied: { id: string; slug: string; state: string; appliedAt: string | null }[]
  pending: string[]
  drift: Difference[]
}

/** Reads where the database stands, in a read-only transaction. Throws for edited or unknown applied files. */
export async function readStatus(
  session: Session,
  modules: readonly Module[],
  options: { withDrift: boolean },
): Promise<DeployStatus> {
  await session.exec('begin read only')
  try {
    return await readStatusInside(session, modules, options)
  } finally {
    await session.exec('rollback').catch(() => undefined)
  }
}

/**
 * The same inside a transaction that is open already. It keeps deploys out until that ends: the server's own functions
 * that print definitions look at the newest catalogue, whatever the transaction sees.
 */
export async function readStatusInside(
  session: Session,
  modules: readonly Module[],
  options: { withDrift: boolean },
): Promise<DeployStatus> {
  const isDeploying = !(await tryKeepDeploysOut(session))
  const sources = loadSources(sortModules(modules))
  const ledger = await readLedger(session)
  checkLedger(ledger, sources)
  const applied = ledger.migrations.map((row) => ({
    id: `${row.module}/${row.number}`,
    slug: row.slug,
    state: row.state,
    appliedAt: row.applied_at?.toISOString() ?? null,
  }))
  const done = new Set(applied.filter((row) => row.state !== 'running').map((row) => row.id))
  const objects = [loadBootstrap(), ...sources.flatMap((source) => source.objects)]
  const pending = [
    ...sources
      .flatMap((source) => source.migrations)
      .filter((item) => !done.has(item.id))
      .map((item) => item.id),
    ...objects.filter((item) => ledger.objects.get(keyOf(item))?.hash !== item.hash).map(keyOf),
  ]
  const [versions] = await session.query<{ server: string; vector: string | null }>(
    `select current_setting('server_version') as server,
              (select extversion from pg_extension where extname = 'vector') as vector`,
  )
  return {
    isDeployed: ledger.exists,
    isDeploying,
    serverVersion: versions!.server,
    vectorVersion: versions!.vector,
    applied,
    pending,
    drift: options.withDrift && ledger.exists ? await driftNow(session, isDeploying) : [],
  }
}

async function driftNow(session: Session, isDeploying: boolean): Promise<Difference[]> {
  return isDeploying ? [unknownDrift('a deploy is running right now')] : findDrift(session)
}
