import type { Session } from '../db/database.ts'
import { deployErrors } from './deploy.errors.ts'
import type { MigrationSource, ModuleSource, ObjectSource } from './sources.ts'

export type LedgerMigration = {
  module: string
  number: number
  slug: string
  hash: string
  state: 'running' | 'applied' | 'baseline'
  statements_done: number
  applied_at: Date | null
}

/** What this database says was applied to it. `exists` is false before the first deploy. */
export type Ledger = {
  exists: boolean
  migrations: LedgerMigration[]
  /** Hash by `module/name`. */
  objects: Map<string, string>
}

/** Reads the ledger; works in a read-only transaction. */
export async function readLedger(session: Session): Promise<Ledger> {
  const [found] = await session.query<{ found: boolean }>(
    `select to_regclass('robbieverse.snapshot') is not null as found`,
  )
  if (!found?.found) return { exists: false, migrations: [], objects: new Map() }
  const migrations = await session.query<LedgerMigration>(
    `select module, number, slug, hash, state, statements_done, applied_at
     from robbieverse.migrations order by module, number`,
  )
  const objects = await session.query<{ key: string; hash: string }>(
    `select module || '/' || name as key, hash from robbieverse.objects`,
  )
  return { exists: true, migrations, objects: new Map(objects.map((row) => [row.key, row.hash])) }
}

/**
 * Every applied migration must still be there and unchanged: all of them are checked, because a check of the newest
 * alone lets an edited or older-dated file slip by. Throws DEPLOY_FILE_CHANGED or DEPLOY_FILE_MISSING, naming files.
 */
export function checkLedger(ledger: Ledger, sources: readonly ModuleSource[]): void {
  const known = new Map(sources.flatMap((source) => source.migrations).map((item) => [item.id, item]))
  const changed: string[] = []
  const missing: string[] = []
  for (const row of ledger.migrations) {
    const id = `${row.module}/${row.number}`
    const file = known.get(id)
    if (!file) missing.push(`${id} ${row.slug}`)
    else if (file.hash !== row.hash) changed.push(`${id} ${file.slug}`)
  }
  if (changed.length > 0) {
    throw deployErrors.DEPLOY_FILE_CHANGED({
      message: `Applied migrations have been edited: ${changed.join(', ')}. Restore them as they were and write the change as a new migration.`,
      data: { files: changed },
    })
  }
  if (missing.length > 0) {
    throw deployErrors.DEPLOY_FILE_MISSING({
      message: `Migrations were applied here that this version does not have: ${missing.join(', ')}. Run the version that applied them, or a newer one.`,
      data: { files: missing },
    })
  }
}

/** Records that a migration begins; on a clash somebody else has begun it. */
export async function recordStart(session: Session, migration: MigrationSource, now: Date): Promise<void> {
  await session.query(
    `insert into robbieverse.migrations (module, number, slug, hash, state, started_at)
     values ($1, $2, $3, $4, 'running', $5)`,
    [migration.module, migration.number, migration.slug, migration.hash, now],
  )
}

/** Records how far a non-transactional migration has come. */
export async function recordProgress(
  session: Session,
  migration: MigrationSource,
  done: number,
): Promise<void> {
  await session.query(
    `update robbieverse.migrations set statements_done = $3 where module = $1 and number = $2`,
    [migration.module, migration.number, done],
  )
}

/** Records that a migration is complete. */
export async function recordApplied(session: Session, migration: MigrationSource, now: Date): Promise<void> {
  await session.query(
    `update robbieverse.migrations set state = 'applied', applied_at = $3 where module = $1 and number = $2`,
    [migration.module, migration.number, now],
  )
}

/** Records a migration whose effect was found already there. */
export async function recordBaseline(session: Session, migration: MigrationSource, now: Date): Promise<void> {
  await session.query(
    `insert into robbieverse.migrations (module, number, slug, hash, state, started_at, applied_at)
     values ($1, $2, $3, $4, 'baseline', $5, $5)`,
    [migration.module, migration.number, migration.slug, migration.hash, now],
  )
}

/** Records the current text of re-appliable SQL. */
export async function recordObject(session: Session, object: ObjectSource, now: Date): Promise<void> {
  await session.query(
    `insert into robbieverse.objects (module, name, hash, applied_at) values ($1, $2, $3, $4)
     on conflict (module, name) do update set hash = excluded.hash, applied_at = excluded.applied_at`,
    [object.module, object.name, object.hash, now],
  )
}
