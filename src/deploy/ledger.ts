import type { Session } from '../db/database.ts'
import { deployErrors } from './deploy.errors.ts'
import { loadBootstrap, type MigrationSource, type ModuleSource, type ObjectSource } from './sources.ts'

export type LedgerMigration = {
  module: string
  number: number
  slug: string
  hash: string
  state: 'running' | 'applied' | 'baseline'
  statements_done: number
  /** Hash of the statements that are done. */
  done_hash: string
  /** The statement that was begun and is not known to be done. */
  statement: string | null
  applied_at: Date | null
}

/** What this database says was applied to it. `exists` is false before the first deploy. */
export type Ledger = {
  exists: boolean
  migrations: LedgerMigration[]
  /** By `module/name`. */
  objects: Map<string, LedgerObject>
  /** What the objects files made here, written as for `drop`; `file` is null when its file makes it no more. */
  made: { identity: string; file: string | null }[]
}

/** The hash of the text that was applied last, and those of the texts before it. */
export type LedgerObject = { hash: string; earlier: string[] }

/** Reads the ledger; works in a read-only transaction. */
export async function readLedger(session: Session): Promise<Ledger> {
  const [found] = await session.query<{ found: boolean }>(
    `select to_regclass('robbieverse.snapshot') is not null as found`,
  )
  if (!found?.found) return { exists: false, migrations: [], objects: new Map(), made: [] }
  const migrations = await session.query<LedgerMigration>(
    `select module, number, slug, hash, state, statements_done, done_hash, statement, applied_at
     from robbieverse.migrations order by module, number`,
  )
  const objects = await session.query<LedgerObject & { key: string }>(
    `select module || '/' || name as key, hash, earlier from robbieverse.objects order by 1`,
  )
  const made = await session.query<Ledger['made'][number]>(
    'select identity, file from robbieverse.made order by 1',
  )
  return {
    exists: true,
    migrations,
    objects: new Map(objects.map(({ key, ...row }) => [key, row])),
    made,
  }
}

/**
 * Every applied file must still be there, migrations unchanged: all of them are checked, because a check of the newest
 * alone lets an edited or older-dated file slip by. A migration that is half done may have been mended; the plan checks
 * the part of it that is done. Throws DEPLOY_FILE_CHANGED, DEPLOY_FILE_MISSING or DEPLOY_FILE_OLDER, naming files.
 */
export function checkLedger(ledger: Ledger, sources: readonly ModuleSource[]): void {
  const known = new Map(sources.flatMap((source) => source.migrations).map((item) => [item.id, item]))
  const changed: string[] = []
  const missing: string[] = []
  for (const row of ledger.migrations) {
    const id = `${row.module}/${row.number}`
    const file = known.get(id)
    if (!file) missing.push(`${id} ${row.slug}`)
    else if (file.hash !== row.hash && row.state !== 'running') changed.push(`${id} ${file.slug}`)
  }
  if (changed.length > 0) throw changedFiles(changed)
  const objects = new Map(
    [loadBootstrap(), ...sources.flatMap((source) => source.objects)].map((item) => [keyOf(item), item]),
  )
  for (const key of ledger.objects.keys()) {
    // A module that has lost its last table has nothing left to protect.
    if (!objects.has(key) && !key.endsWith('/protection')) missing.push(key)
  }
  if (missing.length > 0) {
    throw deployErrors.DEPLOY_FILE_MISSING({
      message: `Files were applied here that this version does not have: ${missing.join(', ')}. Run the version that applied them, or a newer one. (An objects file that is no longer wanted stays, and drops what it made.)`,
      data: { files: missing },
    })
  }
  const older = [...ledger.objects]
    .filter(([key, row]) => row.earlier.includes(objects.get(key)?.hash ?? ''))
    .map(([key]) => key)
  if (older.length > 0) {
    throw deployErrors.DEPLOY_FILE_OLDER({
      message: `A newer text of these files was applied here: ${older.join(', ')}. Run the version that applied it, or a newer one; if going back is meant, change the text, be it by a comment.`,
      data: { files: older },
    })
  }
}

/** The name of re-appliable SQL in the ledger, `memory/comments.sql`. */
export const keyOf = (object: ObjectSource): string => `${object.module}/${object.name}`

/** DEPLOY_FILE_CHANGED for these files. */
export function changedFiles(files: string[]): Error {
  return deployErrors.DEPLOY_FILE_CHANGED({
    message: `Applied migrations have been edited: ${files.join(', ')}. Restore them as they were and write the change as a new migration.`,
    data: { files },
  })
}

/** Records that a migration begins, or that one that was half done goes on with the text it has now. */
export async function recordStart(session: Session, migration: MigrationSource, now: Date): Promise<void> {
  await session.query(
    `insert into robbieverse.migrations (module, number, slug, hash, state, started_at)
     values ($1, $2, $3, $4, 'running', $5)
     on conflict (module, number) do update set slug = excluded.slug, hash = excluded.hash`,
    [migration.module, migration.number, migration.slug, migration.hash, now],
  )
}

/** Records which statement of a non-transactional migration is about to run. */
export async function recordStatement(
  session: Session,
  migration: MigrationSource,
  statement: string,
): Promise<void> {
  await session.query(`update robbieverse.migrations set statement = $3 where module = $1 and number = $2`, [
    migration.module,
    migration.number,
    statement,
  ])
}

/** Records how far a non-transactional migration has come. */
export async function recordProgress(
  session: Session,
  migration: MigrationSource,
  done: { count: number; hash: string },
): Promise<void> {
  await session.query(
    `update robbieverse.migrations set statements_done = $3, done_hash = $4, statement = null
     where module = $1 and number = $2`,
    [migration.module, migration.number, done.count, done.hash],
  )
}

/** Records that a migration is complete. */
export async function recordApplied(session: Session, migration: MigrationSource, now: Date): Promise<void> {
  await session.query(
    `update robbieverse.migrations set state = 'applied', statement = null, applied_at = $3
     where module = $1 and number = $2`,
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

/** Records the current text of re-appliable SQL and what it makes. */
export async function recordObject(
  session: Session,
  object: ObjectSource,
  makes: readonly string[],
  now: Date,
): Promise<void> {
  await session.query(
    `insert into robbieverse.objects (module, name, hash, applied_at) values ($1, $2, $3, $4)
     on conflict (module, name) do update set
       hash = excluded.hash,
       earlier = objects.earlier || case when objects.hash = excluded.hash then '{}' else array[objects.hash] end,
       applied_at = excluded.applied_at`,
    [object.module, object.name, object.hash, now],
  )
  await session.query('update robbieverse.made set file = null where file = $1', [keyOf(object)])
  await session.query(
    `insert into robbieverse.made (identity, file) select unnest($2::text[]), $1
     on conflict (identity) do update set file = excluded.file`,
    [keyOf(object), makes],
  )
}

/** Records that these are gone. */
export async function recordRemoval(session: Session, identities: readonly string[]): Promise<void> {
  await session.query('delete from robbieverse.made where identity = any($1)', [identities])
}
