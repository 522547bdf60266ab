import type { Session } from '../db/database.ts'
import { sortModules, type Module } from '../db/module.ts'
import { findSqlError } from '../db/sql-error.ts'
import { OWNER_ROLE } from '../db/tx.ts'
import type { Clock } from '../kernel/clock.ts'
import { deployErrors } from './deploy.errors.ts'
import { saveSnapshot } from './drift.ts'
import {
  recordApplied,
  recordObject,
  recordProgress,
  recordRemoval,
  recordStart,
  recordStatement,
} from './ledger.ts'
import { withDeployLock } from './lock.ts'
import { planDeploy, type Plan } from './plan.ts'
import type { MigrationSource, ObjectSource } from './sources.ts'
import type { UnfinishedIndex } from './statements.ts'
import { hashStatements, type PlanStep } from './steps.ts'

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

/** What every step needs: where, what to call, and how a transaction keeps the snapshot of what it leaves. */
type Run = { session: Session; options: DeployOptions; keepSnapshot: () => Promise<void> }

/**
 * Brings the database to the structure of `modules`, under the deploy lock. Each migration and each object file is one
 * transaction with its ledger row, so a failure or a kill leaves the state before or after it, and so with the
 * snapshot of what it left; a non-transactional migration resumes after its last finished statement. Throws the errors of
 * deploy.errors.ts.
 */
export async function applyDeploy(
  session: Session,
  modules: readonly Module[],
  options: DeployOptions,
): Promise<DeployResult> {
  const started = performance.now()
  return withDeployLock(session, options.lockLimitMs ?? DEFAULT_LOCK_LIMIT_MS, async () => {
    // Planned under the lock: what another deploy has just done is not done again.
    const plan = await inTransaction(session, 'begin read only', () => planDeploy(session, modules))
    const schemas = sortModules(modules).map((module) => module.name)
    const takeSnapshot = () => saveSnapshot(session, schemas, options.clock.now())
    const takeAlone = () => inTransaction(session, AS_OWNER, takeSnapshot)
    if (plan.drift.length > 0 && options.acceptDrift) await takeAlone()
    else if (plan.drift.length > 0 && plan.steps.length > 0) throw driftRefused(plan)
    if (plan.isFirst) await applyFirst({ session, options, keepSnapshot: async () => {} }, plan, takeAlone)
    else
      for (const step of plan.steps) await applyStep({ session, options, keepSnapshot: takeSnapshot }, step)
    return { plan, durationMs: performance.now() - started }
  })
}

/**
 * The first deploy is as many steps as there are files, so it takes the snapshot once: at its end, or when a step has
 * failed. Killed, it leaves none, and is simply to be completed.
 */
async function applyFirst(run: Run, plan: Plan, takeSnapshot: () => Promise<void>): Promise<void> {
  try {
    for (const step of plan.steps) await applyStep(run, step)
  } catch (error) {
    // Before the bootstrap there is no place for it, and after a lost connection no way; the first error is the one to tell.
    await takeSnapshot().catch(() => undefined)
    throw error
  }
  await takeSnapshot()
}

const AS_OWNER = `begin; set local role ${OWNER_ROLE}`

function driftRefused({ drift }: Plan): Error {
  const first = drift.slice(0, 5).map((item) => `${item.kind} ${item.path}`)
  const data = { count: drift.length, first }
  if (drift.some((item) => item.kind !== 'unknown')) return deployErrors.DEPLOY_DRIFT({ data })
  return deployErrors.DEPLOY_DRIFT({
    message: `Whether the structure was changed by hand cannot be told: ${drift[0]!.path}. Look for yourself, then pass --accept-drift to take it as it is.`,
    data,
  })
}

async function applyStep(run: Run, step: PlanStep): Promise<void> {
  const { session, options, keepSnapshot } = run
  // Only the interrupted statement can have made a valid index that nothing records.
  if (step.unfinished)
    await asOwner(session, () => dropUnfinished(session, step.unfinished, { even: 'valid' }))
  if (!step.isTransactional) return asOwner(session, () => applyResumable(run, step))
  // The bootstrap makes the owner's role, and takes it on by itself.
  await inTransaction(session, step.kind === 'bootstrap' ? 'begin' : AS_OWNER, async () => {
    const now = options.clock.now()
    const isMigration = step.kind === 'migration'
    if (isMigration) await recordStart(session, step.source as MigrationSource, now)
    for (const index of step.statements.keys()) {
      if (index >= step.resumeAfter) await runStatement(run, step, index)
    }
    if (isMigration) await recordApplied(session, step.source as MigrationSource, options.clock.now())
    else if (step.kind === 'removal') await recordRemoval(session, step.forgets)
    else if (step.source)
      await recordObject(session, step.source as ObjectSource, step.makes, options.clock.now())
    await keepSnapshot()
  })
}

/** Statements that PostgreSQL refuses inside a transaction: each is recorded before it begins and when it is done. */
async function applyResumable(run: Run, step: PlanStep): Promise<void> {
  const { session, options, keepSnapshot } = run
  const migration = step.source as MigrationSource
  await recordStart(session, migration, options.clock.now())
  for (const [index, statement] of step.statements.entries()) {
    if (index < step.resumeAfter) continue
    await recordStatement(session, migration, statement.sql)
    await dropUnfinished(session, statement.builds, { even: 'invalid' })
    await runStatement(run, step, index)
    await inTransaction(session, 'begin', async () => {
      const hash = hashStatements(step.statements.slice(0, index + 1))
      await recordProgress(session, migration, { count: index + 1, hash })
      await keepSnapshot()
    })
  }
  await recordApplied(session, migration, options.clock.now())
}

/**
 * A `create index concurrently` that was killed leaves an invalid index of that name, which would make it fail; one
 * that was killed before it was recorded leaves a valid one. A `reindex concurrently` leaves its copies.
 */
async function dropUnfinished(
  session: Session,
  unfinished: UnfinishedIndex | null,
  { even }: { even: 'valid' | 'invalid' },
): Promise<void> {
  if (unfinished === null) return
  const found = await session.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where case when $1 like '%.*' then c.relnamespace = to_regnamespace(left($1, -2))
             else i.indrelid = coalesce(
               (select x.indrelid from pg_index x where x.indexrelid = to_regclass($1)), to_regclass($1)) end
       and case when $2::text is null then c.relname ~ '_cc(new|old)[0-9]*$' and not i.indisvalid
             else c.relname = $2 and ($3 or not i.indisvalid) end`,
    [unfinished.relation, unfinished.name, even === 'valid'],
  )
  for (const { name } of found) await session.exec(forBackend(session, `drop index concurrently ${name}`))
}

async function runStatement({ session, options }: Run, step: PlanStep, index: number): Promise<void> {
  options.onStatement?.(step, index)
  const statement = step.statements[index]!
  try {
    await session.exec(forBackend(session, statement.sql))
  } catch (error) {
    const sqlError = findSqlError(error)
    const left = step.isTransactional
      ? 'Its transaction was rolled back; mend the cause and run deploy again.'
      : 'What came before it in this file is done and stays; mend the cause, in this statement or those after it if need be, and run deploy again: it goes on here.'
    throw deployErrors.DEPLOY_STATEMENT_FAILED({
      message: `${step.id}, line ${statement.line}: ${(error as Error).message}. ${left}`,
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

async function inTransaction<T>(session: Session, begin: string, work: () => Promise<T>): Promise<T> {
  await session.exec(begin)
  try {
    const done = await work()
    await session.exec('commit')
    return done
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
