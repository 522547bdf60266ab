import type { Difference } from '../catalog/diff.ts'
import type { Session } from '../db/database.ts'
import type { Module } from '../db/module.ts'
import { sortModules } from '../db/module.ts'
import { OWNER_ROLE } from '../db/tx.ts'
import { deployErrors } from './deploy.errors.ts'
import { findDrift, isFirstUnfinished, LEDGER_SCHEMA } from './drift.ts'
import { checkLedger, keyOf, readLedger, type Ledger } from './ledger.ts'
import { tryKeepDeploysOut } from './lock.ts'
import { keepExistingRelations } from './relations.ts'
import { loadBootstrap, loadSources, PROTECTION, type ModuleSource } from './sources.ts'
import { migrationStep, objectStep, protectionStep, removalStep, schemaStep, type PlanStep } from './steps.ts'

export type Plan = {
  backend: Session['backend']
  serverVersion: string
  /** Migrations that are applied already. */
  appliedCount: number
  /** No deploy has come to its end here yet, so that there is nothing to compare with. */
  isFirst: boolean
  /** What was changed by hand since the last deploy; where there are steps, deploy refuses it unless it is accepted. */
  drift: Difference[]
  steps: PlanStep[]
}

/**
 * What deploying `modules` here would do; needs an open transaction. Checks every applied file first; writes nothing.
 * Throws DEPLOY_FILE_CHANGED, DEPLOY_FILE_MISSING, DEPLOY_FILE_OLDER, DEPLOY_NOT_EMPTY, DEPLOY_SCHEMA_TAKEN or
 * DEPLOY_EXTENSION_MISSING.
 */
export async function planDeploy(session: Session, modules: readonly Module[]): Promise<Plan> {
  const sorted = sortModules(modules)
  const sources = loadSources(sorted)
  const ledger = await readLedger(session)
  checkLedger(ledger, sources)
  const schemas = await existingSchemas(session, sorted)
  // A restored copy may hold deploy's tables too, empty; the first step of a deploy of ours leaves a row in them.
  const isNew = ledger.objects.size === 0 && ledger.migrations.length === 0
  const ours = [...schemas.keys()].filter((name) => name !== LEDGER_SCHEMA)
  if (isNew && ours.length > 0) throw deployErrors.DEPLOY_NOT_EMPTY({ data: { schemas: ours } })
  requireOwned(schemas)
  await requireVector(session)
  const steps = await planSteps(session, { sorted, sources, ledger, schemas })
  await keepExistingRelations(
    session,
    steps.flatMap((step) => step.statements),
  )
  const isFirst = isNew || (await isFirstUnfinished(session))
  const [version] = await session.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  return {
    backend: session.backend,
    serverVersion: version!.version,
    appliedCount: ledger.migrations.filter((row) => row.state !== 'running').length,
    isFirst,
    drift: isFirst ? [] : await findDrift(session),
    steps,
  }
}

/**
 * Like `planDeploy`, in a read-only transaction: PostgreSQL itself refuses a dry run that would write.
 * Throws DEPLOY_RUNNING while a deploy changes what the plan would look at.
 */
export async function planReadOnly(session: Session, modules: readonly Module[]): Promise<Plan> {
  await session.exec('begin read only')
  try {
    if (!(await tryKeepDeploysOut(session))) throw deployErrors.DEPLOY_RUNNING()
    return await planDeploy(session, modules)
  } finally {
    await session.exec('rollback').catch(() => undefined)
  }
}

type Situation = {
  sorted: readonly Module[]
  sources: readonly ModuleSource[]
  ledger: Ledger
  schemas: Map<string, string>
}

async function planSteps(session: Session, situation: Situation): Promise<PlanStep[]> {
  const { sorted, sources, ledger, schemas } = situation
  const steps: PlanStep[] = []
  const bootstrap = loadBootstrap()
  if (ledger.objects.get(keyOf(bootstrap))?.hash !== bootstrap.hash) {
    steps.push(await objectStep(bootstrap, 'bootstrap'))
  }
  for (const [index, source] of sources.entries()) {
    if (!schemas.has(source.module)) steps.push(schemaStep(source.module))
    for (const migration of source.migrations) {
      const step = await migrationStep(migration, ledger)
      if (step) steps.push(step)
    }
    for (const object of source.objects) {
      if (ledger.objects.get(keyOf(object))?.hash === object.hash) continue
      steps.push(
        object.name === PROTECTION
          ? await protectionStep(session, sorted[index]!, object)
          : await objectStep(object, 'objects'),
      )
    }
  }
  const removal = await removalStep(
    session,
    ledger,
    steps,
    sources.flatMap((source) => source.migrations),
  )
  return removal ? [...steps, removal] : steps
}

/** The schemas of ours that exist, each with its owner. */
async function existingSchemas(session: Session, modules: readonly Module[]): Promise<Map<string, string>> {
  const rows = await session.query<{ name: string; owner: string }>(
    `select nspname as name, pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = any($1) order by 1`,
    [[LEDGER_SCHEMA, ...modules.map((module) => module.name)]],
  )
  return new Map(rows.map((row) => [row.name, row.owner]))
}

function requireOwned(schemas: Map<string, string>): void {
  const taken = [...schemas].filter(([, owner]) => owner !== OWNER_ROLE)
  if (taken.length === 0) return
  const named = taken.map(([name, owner]) => `${name} (of ${owner})`).join(', ')
  throw deployErrors.DEPLOY_SCHEMA_TAKEN({
    message: `Schemas that RobbieVerse needs belong to somebody else here: ${named}. Rename them; or, if they are ours, give them back with \`alter schema ... owner to ${OWNER_ROLE}\`.`,
    data: { schemas: taken.map(([name]) => name) },
  })
}

/** What is installed counts; what the server could install counts only where nothing is. */
async function requireVector(session: Session): Promise<void> {
  const [row] = await session.query<{ version: string | null }>(
    `select coalesce((select extversion from pg_extension where extname = 'vector'),
                     (select default_version from pg_available_extensions where name = 'vector')) as version`,
  )
  const [major = 0, minor = 0] = (row?.version ?? '0.0').split('.').map(Number)
  if (major === 0 && minor < 8)
    throw deployErrors.DEPLOY_EXTENSION_MISSING({ data: { found: row?.version ?? null } })
}
