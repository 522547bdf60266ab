import type { Session } from '../db/database.ts'
import type { Module } from '../db/module.ts'
import { sortModules } from '../db/module.ts'
import { deployErrors } from './deploy.errors.ts'
import { checkLedger, readLedger, type Ledger } from './ledger.ts'
import { hashSql, loadBootstrap, loadSources, type MigrationSource, type ObjectSource } from './sources.ts'
import {
  LOCK_MODES,
  readStatements,
  type Hazard,
  type LockMode,
  type StatementEffects,
} from './statements.ts'

/** One thing deploy will do, in order. Data only: `apply` carries it out. */
export type PlanStep = {
  /** `memory/3`, `memory/policies.sql`, `deploy/bootstrap` */
  id: string
  kind: 'bootstrap' | 'schema' | 'migration' | 'objects'
  module: string
  hash: string
  isTransactional: boolean
  /** Statements that are done already, of a non-transactional migration that was interrupted. */
  resumeAfter: number
  statements: PlannedStatement[]
  source: MigrationSource | ObjectSource | null
}

export type PlannedStatement = {
  sql: string
  line: number
  /** Locks on relations that exist before this plan; new ones block nobody. */
  locks: { relation: string; mode: LockMode }[]
  /** Tables written anew, with what the server last estimated of them. */
  rewrites: { relation: string; rows: number; bytes: number }[]
  hazards: Hazard[]
}

export type Plan = {
  backend: Session['backend']
  serverVersion: string
  /** Migrations that are applied already. */
  appliedCount: number
  steps: PlanStep[]
}

/**
 * What deploying `modules` here would do. Checks every applied file first; writes nothing.
 * Throws DEPLOY_FILE_CHANGED, DEPLOY_FILE_MISSING, DEPLOY_NOT_EMPTY or DEPLOY_EXTENSION_MISSING.
 */
export async function planDeploy(session: Session, modules: readonly Module[]): Promise<Plan> {
  const sorted = sortModules(modules)
  const sources = loadSources(sorted)
  const ledger = await readLedger(session)
  checkLedger(ledger, sources)
  const schemas = await existingSchemas(session, sorted)
  // A restored copy may hold deploy's tables too, empty; the first step of a deploy of ours leaves a row in them.
  if (ledger.objects.size === 0 && ledger.migrations.length === 0 && schemas.size > 0) {
    throw deployErrors.DEPLOY_NOT_EMPTY({ data: { schemas: [...schemas] } })
  }
  const steps: PlanStep[] = []
  const bootstrap = loadBootstrap()
  if (ledger.objects.get('deploy/bootstrap') !== bootstrap.hash) {
    await requireVector(session)
    steps.push(await objectStep(bootstrap, 'bootstrap'))
  }
  for (const source of sources) {
    if (!schemas.has(source.module)) steps.push(schemaStep(source.module))
    for (const migration of source.migrations) {
      const step = await migrationStep(migration, ledger)
      if (step) steps.push(step)
    }
    for (const object of source.objects) {
      if (ledger.objects.get(`${object.module}/${object.name}`) !== object.hash) {
        steps.push(await objectStep(object, 'objects'))
      }
    }
  }
  await keepExistingRelations(session, steps)
  const [version] = await session.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  return {
    backend: session.backend,
    serverVersion: version!.version,
    appliedCount: ledger.migrations.filter((row) => row.state !== 'running').length,
    steps,
  }
}

/** Like `planDeploy`, in a read-only transaction: PostgreSQL itself refuses a dry run that would write. */
export async function planReadOnly(session: Session, modules: readonly Module[]): Promise<Plan> {
  await session.exec('begin read only')
  try {
    return await planDeploy(session, modules)
  } finally {
    await session.exec('rollback')
  }
}

async function existingSchemas(session: Session, modules: readonly Module[]): Promise<Set<string>> {
  const rows = await session.query<{ nspname: string }>(
    'select nspname from pg_namespace where nspname = any($1)',
    [modules.map((module) => module.name)],
  )
  return new Set(rows.map((row) => row.nspname))
}

async function requireVector(session: Session): Promise<void> {
  const [row] = await session.query<{ version: string | null }>(
    `select default_version as version from pg_available_extensions where name = 'vector'`,
  )
  const [major = 0, minor = 0] = (row?.version ?? '0.0').split('.').map(Number)
  if (major === 0 && minor < 8)
    throw deployErrors.DEPLOY_EXTENSION_MISSING({ data: { found: row?.version ?? null } })
}

function schemaStep(name: string): PlanStep {
  const sql = `create schema ${name}; grant usage on schema ${name} to robbieverse_app`
  return {
    id: `${name}/schema`,
    kind: 'schema',
    module: name,
    hash: hashSql(sql),
    isTransactional: true,
    resumeAfter: 0,
    statements: sql.split('; ').map((part) => ({ sql: part, line: 1, locks: [], rewrites: [], hazards: [] })),
    source: null,
  }
}

async function migrationStep(migration: MigrationSource, ledger: Ledger): Promise<PlanStep | null> {
  const row = ledger.migrations.find(
    (item) => item.module === migration.module && item.number === migration.number,
  )
  if (row && row.state !== 'running') return null
  const statements = await readStatements(migration.sql)
  if (!migration.isTransactional) requireRepeatable(migration, statements)
  return {
    id: migration.id,
    kind: 'migration',
    module: migration.module,
    hash: migration.hash,
    isTransactional: migration.isTransactional,
    resumeAfter: row?.statements_done ?? 0,
    statements: statements.map(plannedStatement),
    source: migration,
  }
}

const REPEATABLE =
  /^(create\s+(unique\s+)?index\s+concurrently\s+(if\s+not\s+exists\s+)?\w+\s+on\b|drop\s+index\s+concurrently\s+if\s+exists\b|reindex\b|vacuum\b|analyze\b|alter\s+table\s+\S+\s+validate\s+constraint\b|alter\s+type\s+\S+\s+add\s+value\s+if\s+not\s+exists\b)/i

/** A kill between a statement and its record makes the next run repeat it, so repeating must do no harm. */
function requireRepeatable(migration: MigrationSource, statements: StatementEffects[]): void {
  const other = statements.find((statement) => !REPEATABLE.test(statement.sql))
  if (other) {
    throw deployErrors.DEPLOY_NOT_REPEATABLE({ data: { migration: migration.id, line: other.line } })
  }
}

async function objectStep(object: ObjectSource, kind: 'bootstrap' | 'objects'): Promise<PlanStep> {
  return {
    id: `${object.module}/${object.name}`,
    kind,
    module: object.module,
    hash: object.hash,
    isTransactional: true,
    resumeAfter: 0,
    statements: (await readStatements(object.sql)).map(plannedStatement),
    source: object,
  }
}

function plannedStatement(effects: StatementEffects): PlannedStatement {
  const { sql, line, locks, hazards } = effects
  return {
    sql,
    line,
    locks,
    hazards,
    rewrites: effects.rewrites.map((relation) => ({ relation, rows: 0, bytes: 0 })),
  }
}

type Relation = { named: string; table: string; rows: number; bytes: number }

/**
 * Drops locks on relations that the plan itself creates, fills in the sizes of those that exist, and names the table
 * where a statement names an index or a whole schema.
 */
async function keepExistingRelations(session: Session, steps: PlanStep[]): Promise<void> {
  const statements = steps.flatMap((step) => step.statements)
  const named = statements.flatMap((item) => [...item.locks, ...item.rewrites].map((part) => part.relation))
  const existing = Map.groupBy(
    await findRelations(session, [...new Set(named)]),
    (relation) => relation.named,
  )
  for (const statement of statements) {
    const hadLocks = statement.locks.length > 0
    statement.locks = strongest(
      statement.locks.flatMap(({ relation, mode }) =>
        (existing.get(relation) ?? []).map(({ table }) => ({ relation: table, mode })),
      ),
    )
    statement.rewrites = statement.rewrites.flatMap(({ relation }) =>
      (existing.get(relation) ?? []).map(({ table, rows, bytes }) => ({ relation: table, rows, bytes })),
    )
    if (hadLocks && statement.locks.length === 0) statement.hazards = []
  }
}

/** One lock a relation: a statement that takes several holds the strongest. */
function strongest(locks: PlannedStatement['locks']): PlannedStatement['locks'] {
  const modes = new Map<string, LockMode>()
  for (const { relation, mode } of locks) {
    const held = modes.get(relation)
    if (held === undefined || LOCK_MODES.indexOf(mode) > LOCK_MODES.indexOf(held)) modes.set(relation, mode)
  }
  return [...modes].map(([relation, mode]) => ({ relation, mode }))
}

function findRelations(session: Session, names: string[]): Promise<Relation[]> {
  return session.query<Relation>(
    `select named, n.nspname || '.' || c.relname as table, greatest(c.reltuples, 0)::float8 as rows,
            pg_relation_size(c.oid) as bytes
     from unnest($1::text[]) named
     join pg_class c on case
       when named like '%.*' then c.relnamespace = to_regnamespace(left(named, -2)) and c.relkind in ('r', 'p')
       else c.oid = coalesce((select i.indrelid from pg_index i where i.indexrelid = to_regclass(named)), to_regclass(named))
     end
     join pg_namespace n on n.oid = c.relnamespace
     order by named, c.relname`,
    [names],
  )
}
