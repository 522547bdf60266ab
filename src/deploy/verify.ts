import { diffCatalog, type Difference } from '../catalog/diff.ts'
import type { CatalogModel } from '../catalog/model.ts'
import { readCatalog } from '../catalog/read.ts'
import type { Session } from '../db/database.ts'
import { sortModules, type Module } from '../db/module.ts'
import { checkLedger, readLedger } from './ledger.ts'
import { loadBootstrap, loadSources } from './sources.ts'

/** Where a database stands. `pending` names what deploy would apply; `drift` how the live structure differs. */
export type DeployStatus = {
  isDeployed: boolean
  serverVersion: string
  vectorVersion: string | null
  applied: { id: string; slug: string; state: string; appliedAt: string | null }[]
  pending: string[]
  drift: Difference[]
}

/** Keeps the structure as it is right after a deploy: what later drift is measured against. */
export async function saveSnapshot(session: Session, model: CatalogModel, now: Date): Promise<void> {
  await session.query(
    `insert into robbieverse.snapshot (id, model, taken_at) values (1, $1, $2)
     on conflict (id) do update set model = excluded.model, taken_at = excluded.taken_at`,
    [JSON.stringify(model), now],
  )
}

/** Without a snapshot a deploy was interrupted: the structure is between two, and there is nothing to compare it with. */
export async function hasSnapshot(session: Session): Promise<boolean> {
  const rows = await session.query('select 1 from robbieverse.snapshot where id = 1')
  return rows.length > 0
}

/** Done before the first change, so that a deploy that is killed half way leaves no snapshot of what is no more. */
export async function forgetSnapshot(session: Session): Promise<void> {
  await session.query('delete from robbieverse.snapshot')
}

/**
 * How the live structure differs from what the last deploy left, both ways. Compared with the snapshot rather than
 * with the files, so that pending files are not drift and every server version is compared with its own spelling.
 */
export async function findDrift(session: Session): Promise<Difference[]> {
  const [snapshot] = await session.query<{ model: CatalogModel }>(
    'select model from robbieverse.snapshot where id = 1',
  )
  if (!snapshot) return []
  const schemas = snapshot.model.schemas.map((schema) => schema.name)
  return diffCatalog(snapshot.model, await readCatalog(session, schemas))
}

/** Reads where the database stands, in a read-only transaction. Throws for edited or unknown applied files. */
export async function readStatus(
  session: Session,
  modules: readonly Module[],
  options: { withDrift: boolean },
): Promise<DeployStatus> {
  await session.exec('begin isolation level repeatable read read only')
  try {
    return await readStatusInside(session, modules, options)
  } finally {
    await session.exec('rollback')
  }
}

/** The same inside a transaction that is open already. */
export async function readStatusInside(
  session: Session,
  modules: readonly Module[],
  options: { withDrift: boolean },
): Promise<DeployStatus> {
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
    ...objects
      .filter((item) => ledger.objects.get(`${item.module}/${item.name}`) !== item.hash)
      .map((item) => `${item.module}/${item.name}`),
  ]
  if (ledger.exists && !(await hasSnapshot(session))) pending.push('deploy/snapshot')
  const [versions] = await session.query<{ server: string; vector: string | null }>(
    `select current_setting('server_version') as server,
              (select extversion from pg_extension where extname = 'vector') as vector`,
  )
  return {
    isDeployed: ledger.exists,
    serverVersion: versions!.server,
    vectorVersion: versions!.vector,
    applied,
    pending,
    drift: options.withDrift && ledger.exists ? await findDrift(session) : [],
  }
}
