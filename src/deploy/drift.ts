import { diffCatalog, type Difference } from '../catalog/diff.ts'
import type { CatalogModel } from '../catalog/model.ts'
import { readCatalogInside } from '../catalog/read.ts'
import type { Session } from '../db/database.ts'

/** The schema of deploy's own ledger. */
export const LEDGER_SCHEMA = 'robbieverse'

/** A finding that nothing could be compared, and why. */
export const unknownDrift = (why: string): Difference => ({
  kind: 'unknown',
  path: why,
  expected: null,
  found: null,
})

/**
 * Keeps the structure as it is now: what later drift is measured against. Part of each transaction of a deploy but the
 * first, so that the snapshot is what deploy left even when a later step fails or the process is killed.
 */
export async function saveSnapshot(session: Session, schemas: readonly string[], now: Date): Promise<void> {
  const model = await readCatalogInside(session, [...schemas, LEDGER_SCHEMA])
  await session.query(
    `insert into robbieverse.snapshot (id, model, taken_at) values (1, $1, $2)
     on conflict (id) do update set model = excluded.model, taken_at = excluded.taken_at`,
    [JSON.stringify(model), now],
  )
}

/** Whether the first deploy has begun and neither come to its end nor failed in a way that it could record. */
export async function isFirstUnfinished(session: Session): Promise<boolean> {
  const rows = await session.query('select 1 from robbieverse.snapshot where model is null')
  return rows.length > 0
}

/**
 * How the live structure differs from what deploy left, both ways; needs an open transaction. Compared with the
 * snapshot rather than with the files, so that pending files are not drift and every server version is compared with
 * its own spelling. What an interrupted statement may have left behind is no drift: deploy resumes there.
 */
export async function findDrift(session: Session): Promise<Difference[]> {
  const [snapshot] = await session.query<{ model: CatalogModel | null }>(
    'select model from robbieverse.snapshot where id = 1',
  )
  if (!snapshot) return [unknownDrift('there is no snapshot of what the last deploy left')]
  if (!snapshot.model) return [unknownDrift('the first deploy has not come to its end')]
  const schemas = snapshot.model.schemas.map((schema) => schema.name)
  const differences = diffCatalog(snapshot.model, await readCatalogInside(session, schemas))
  const begun = await session.query<{ statement: string }>(
    'select statement from robbieverse.migrations where statement is not null',
  )
  return differences.filter(({ path }) => !begun.some(({ statement }) => isLeftBy(statement, path)))
}

/** Statements outside a transaction leave indexes, validated constraints and values of an enum, by name. */
function isLeftBy(statement: string, path: string): boolean {
  const [, kind, name] = /(?:^| \/ )(index|constraint|type) (?:.*\.)?([^.]+)$/.exec(path) ?? []
  if (!kind || !name) return false
  if (kind === 'index' && /^reindex\b/i.test(statement)) return /_cc(new|old)\d*$/.test(name)
  const words = statement.match(/"[^"]+"|\w+/g) ?? []
  return words.some((word) => (word.startsWith('"') ? word.slice(1, -1) : word.toLowerCase()) === name)
}
