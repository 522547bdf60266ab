import { readCatalog } from '../catalog/read.ts'
import type { Session } from '../db/database.ts'
import { sortModules, type Module } from '../db/module.ts'
import { findSqlError } from '../db/sql-error.ts'
import { OWNER_ROLE } from '../db/tx.ts'
import type { Clock } from '../kernel/clock.ts'
import { deployErrors } from './deploy.errors.ts'
import { recordApplied, recordObject, recordProgress, recordStart } from './ledger.ts'
import { withDeployLock } from './lock.ts'
import { planDeploy, type Plan, type PlanStep } from './plan.ts'
import type { MigrationSource, ObjectSource } from './sources.ts'
import { findDrift, forgetSnapshot, hasSnapshot, saveSnapshot } from './verify.ts'

const DEFAULT_LOCK_LIMIT_MS = 10 * 60_000

export type DeployOptions = {
  clock: Clock
  /** How long to wait for another deploy, milliseconds. */
  lockLimitMs?: number
  /** Deploy although the live structure was changed by hand. */
  acceptDrift?: boolean
  /** Called before each statement: progress, and the place where a test ends the process. */
  onStatement?: (step: PlanStep, index: number) => void
}

/** What was done: the plan that was carried out, empty when there was nothing to do. */
export type DeployResult = { plan: Plan; durationMs: number }

/**
 * Brings the database to the structure of `modules`, under the deploy lock. Each migration and each object file is one
 * transaction with its ledger row, so a kill leaves the state before or after it; a non-transactional migration
 * resumes after its last finished statement. Throws the errors of deploy.errors.ts.
 */
export async function applyDeploy(
  session: Session,
  modules: readonly Module[],
  options: DeployOptions,
): Promise<DeployResult> {
  const started = performance.now()
  return withDeployLock(session, options.lockLimitMs ?? DEFAULT_LOCK_LIMIT_MS, async () => {
    // Planned under the lock: what another deploy has just done is not done again.
    const plan = await planDeploy(session, modules)
    if (plan.appliedCount > 0 && plan.steps.length > 0) {
      if (!options.acceptDrift) await refuseDrift(session)
      await asOwner(session, () => forgetSnapshot(session))
    }
    for (const step of plan.steps) await applyStep(session, step, options)
    // The deploy before this one may have been killed after its last step.
    if (plan.steps.length > 0 || !(await hasSnapshot(session))) {
      const schemas = sortModules(modules).map((module) => module.name)
      await asOwner(session, async () =>
        saveSnapshot(session, await readCatalog(session, schemas), options.clock.now()),
      )
    }
    return { plan, durationMs: performance.now() - started }
  })
}

async function refuseDrift(session: Session): Promise<void> {
  const drift = await findDrift(session)
  if (drift.length > 0) {
    const named = drift.slice(0, 5).map((item) => `${item.kind} ${item.path}`)
    throw deployErrors.DEPLOY_DRIFT({ data: { count: drift.length, first: named } })
  }
}

async function applyStep(session: Session, step: PlanStep, options: DeployOptions): Promise<void> {
  if (step.kind === 'bootstrap') {
    await inTransaction(session, false, async () => {
      await runStatements(session, step, options)
      await recordObject(session, step.source as ObjectSource, options.clock.now())
    })
  } else if (step.kind === 'schema') {
    await inTransaction(session, true, () => runStatements(session, step, options))
  } else if (step.kind === 'objects') {
    await inTransaction(session, true, async () => {
      await runStatements(session, step, options)
      await recordObject(session, step.source as ObjectSource, options.clock.now())
    })
  } else if (step.isTransactional) {
    const migration = step.source as MigrationSource
    await inTransaction(session, true, async () => {
      await recordStart(session, migration, options.clock.now())
      await runStatements(session, step, options)
      await recordApplied(session, migration, options.clock.now())
    })
  } else {
    await asOwner(session, () => applyResumable(session, step, options))
  }
}

/** Statements that PostgreSQL refuses inside a transaction: each is recorded when it is done. */
async function applyResumable(session: Session, step: PlanStep, options: DeployOptions): Promise<void> {
  const migration = step.source as MigrationSource
  const isResumed = await isRunning(session, migration)
  if (!isResumed) await recordStart(session, migration, options.clock.now())
  for (const [index, statement] of step.statements.entries()) {
    if (index < step.resumeAfter) continue
    options.onStatement?.(step, index)
    await dropUnfinishedIndex(session, statement.sql, isResumed && index === step.resumeAfter)
    await run(session, step, index)
    await recordProgress(session, migration, index + 1)
  }
  await recordApplied(session, migration, options.clock.now())
}

async function isRunning(session: Session, migration: MigrationSource): Promise<boolean> {
  const rows = await session.query(
    `select 1 from robbieverse.migrations where module = $1 and number = $2 and state = 'running'`,
    [migration.module, migration.number],
  )
  return rows.length > 0
}

const CONCURRENT_INDEX =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?([a-z0-9_]+)\s+on\s+(?:only\s+)?([a-z0-9_.]+)/i

/**
 * A `create index concurrently` that was killed leaves an invalid index of that name, which would make it fail; one
 * that was killed before it was recorded leaves a valid one, which only the statement to resume at can have made.
 */
async function dropUnfinishedIndex(session: Session, sql: string, isResumedHere: boolean): Promise<void> {
  const [, index, table] = CONCURRENT_INDEX.exec(sql) ?? []
  if (!index || !table) return
  const [found] = await session.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and c.relname = $2 and ($3 or not i.indisvalid)`,
    [table, index, isResumedHere],
  )
  if (found) await session.exec(`drop index ${found.name}`)
}

async function runStatements(session: Session, step: PlanStep, options: DeployOptions): Promise<void> {
  for (const index of step.statements.keys()) {
    options.onStatement?.(step, index)
    await run(session, step, index)
  }
}

async function run(session: Session, step: PlanStep, index: number): Promise<void> {
  const statement = step.statements[index]!
  try {
    await session.exec(forBackend(session, statement.sql))
  } catch (error) {
    const sqlError = findSqlError(error)
    throw deployErrors.DEPLOY_STATEMENT_FAILED({
      message: `${step.id}, line ${statement.line}: ${(error as Error).message}. Its transaction was rolled back; mend the cause and run deploy again.`,
      data: { step: step.id, line: statement.line, sqlstate: sqlError?.code ?? null },
      cause: error,
    })
  }
}

const CONCURRENTLY =
  /^(create\s+(?:unique\s+)?index|drop\s+index|reindex\s+(?:index|table|schema))\s+concurrently/i

/** The embedded database has one session: building an index beside other sessions means nothing there. */
function forBackend(session: Session, sql: string): string {
  return session.backend === 'embedded' ? sql.replace(CONCURRENTLY, '$1') : sql
}

async function inTransaction(session: Session, isOwner: boolean, work: () => Promise<void>): Promise<void> {
  await session.exec(isOwner ? `begin; set local role ${OWNER_ROLE}` : 'begin')
  try {
    await work()
    await session.exec('commit')
  } catch (error) {
    await session.exec('rollback').catch(() => undefined)
    throw error
  }
}

async function asOwner(session: Session, work: () => Promise<void>): Promise<void> {
  await session.exec(`set role ${OWNER_ROLE}`)
  try {
    await work()
  } finally {
    await session.exec('reset role').catch(() => undefined)
  }
}
