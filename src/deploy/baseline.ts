import { readFileSync } from 'node:fs'

import { diffCatalog, type Difference } from '../catalog/diff.ts'
import type { CatalogModel } from '../catalog/model.ts'
import { readCatalogInside } from '../catalog/read.ts'
import type { Session } from '../db/database.ts'
import { sortModules, type Module } from '../db/module.ts'
import type { Clock } from '../kernel/clock.ts'
import { deployErrors } from './deploy.errors.ts'
import { LEDGER_SCHEMA, saveSnapshot } from './drift.ts'
import { readLedger, recordBaseline, recordObject } from './ledger.ts'
import { withDeployLock } from './lock.ts'
import { loadBootstrap, loadSources } from './sources.ts'
import { objectStep } from './steps.ts'
import { readStatements } from './parser.ts'

const LOCK_LIMIT_MS = 60_000

/**
 * Takes a database whose structure is there already, such as a restored copy, as deployed: writes the ledger and the
 * snapshot, and changes nothing else but what bootstrap brings. Everything is one transaction.
 * Throws DEPLOY_BASELINE_NEEDLESS where a ledger exists, and DEPLOY_BASELINE_DIFFERS, naming the first differences.
 */
export async function baselineDeploy(
  session: Session,
  modules: readonly Module[],
  options: { clock: Clock },
): Promise<{ migrations: number }> {
  return withDeployLock(session, LOCK_LIMIT_MS, async () => {
    const ledger = await readLedger(session)
    if (ledger.migrations.length > 0) throw deployErrors.DEPLOY_BASELINE_NEEDLESS()
    await session.exec('begin')
    try {
      const migrations = await takeAsDeployed(session, modules, options)
      await session.exec('commit')
      return { migrations }
    } catch (error) {
      await session.exec('rollback').catch(() => undefined)
      throw error
    }
  })
}

async function takeAsDeployed(
  session: Session,
  modules: readonly Module[],
  options: { clock: Clock },
): Promise<number> {
  const sorted = sortModules(modules)
  const bootstrap = loadBootstrap()
  for (const statement of await readStatements(bootstrap.sql)) await session.exec(statement.sql)
  const schemas = sorted.map((module) => module.name)
  requireEqual(readManifest(), await readCatalogInside(session, [...schemas, LEDGER_SCHEMA]))
  // The bootstrap has taken on the owner's role.
  const sources = loadSources(sorted)
  const now = options.clock.now()
  const migrations = sources.flatMap((source) => source.migrations)
  for (const migration of migrations) await recordBaseline(session, migration, now)
  for (const object of [bootstrap, ...sources.flatMap((source) => source.objects)]) {
    const { makes } = await objectStep(object, 'objects')
    await recordObject(session, object, makes, now)
  }
  await saveSnapshot(session, schemas, now)
  return migrations.length
}

function requireEqual(expected: CatalogModel, found: CatalogModel): void {
  const differences = diffCatalog(inOneSpelling(expected), inOneSpelling(found))
  if (differences.length === 0) return
  const first = differences.slice(0, 10).map(describe)
  throw deployErrors.DEPLOY_BASELINE_DIFFERS({
    message: `The structure found here differs in ${differences.length} places from the one this version would make: ${first.join('; ')}.`,
    data: { count: differences.length, first },
  })
}

function describe({ kind, path }: Difference): string {
  return `${kind} ${path}`
}

/**
 * Servers print a view in their own way: PostgreSQL 16 and newer leave out the table's name before a column where there
 * is only one table, and line breaks differ. Everything else is printed alike by 15 to 18.
 */
function inOneSpelling(model: CatalogModel): CatalogModel {
  const schemas = new Set(model.schemas.map((schema) => schema.name))
  const views = model.views.map((view) => {
    const text = view.definition.replaceAll(/\s+/g, ' ')
    const named = [...text.matchAll(QUALIFIER)].map(([, name]) => name!)
    const tables = new Set(named.filter((name) => !schemas.has(name)))
    const definition =
      tables.size === 1
        ? text.replaceAll(QUALIFIER, (all, name: string) => (tables.has(name) ? '' : all))
        : text
    return { ...view, definition }
  })
  return { ...model, views }
}

const QUALIFIER = /\b([a-z_]\w*)\.(?=[a-z_])/g

function readManifest(): CatalogModel {
  return JSON.parse(readFileSync(new URL('./manifest.gen.json', import.meta.url), 'utf8')) as CatalogModel
}
