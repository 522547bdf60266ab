import type { Session } from '../db/database.ts'
import type { Module } from '../db/module.ts'
import { quoteIdentifier, quoteQualified } from '../db/quote.ts'
import { APP_ROLE } from '../db/tx.ts'
import { deployErrors } from './deploy.errors.ts'
import type { Hazard, LockMode } from './effects.ts'
import { changedFiles, type Ledger } from './ledger.ts'
import { hashSql, type MigrationSource, type ObjectSource } from './sources.ts'
import { readStatements } from './parser.ts'
import type { Statement, UnfinishedIndex } from './statements.ts'

/** One thing deploy will do, in order. Data only: `apply` carries it out. */
export type PlanStep = {
  /** `memory/3`, `memory/policies.sql`, `deploy/bootstrap` */
  id: string
  kind: 'bootstrap' | 'schema' | 'migration' | 'objects' | 'removal'
  module: string
  isTransactional: boolean
  /** Statements that are done already, of a non-transactional migration that was interrupted. */
  resumeAfter: number
  /** What the interrupted statement may have left behind. */
  unfinished: UnfinishedIndex | null
  /** Functions, views and policies that its file makes, and those that no file makes any more, written as for `drop`. */
  makes: string[]
  forgets: string[]
  statements: PlannedStatement[]
  source: MigrationSource | ObjectSource | null
}

export type PlannedStatement = {
  sql: string
  line: number
  builds: UnfinishedIndex | null
  /** Locks on relations that exist before this plan; new ones block nobody. */
  locks: { relation: string; mode: LockMode }[]
  /** Tables written anew, with what the server last estimated of them. */
  rewrites: { relation: string; rows: number; bytes: number }[]
  hazards: Hazard[]
}

/** Makes a module's schema. */
export function schemaStep(name: string): PlanStep {
  const schema = quoteIdentifier(name)
  const texts = [`create schema ${schema}`, `grant usage on schema ${schema} to ${APP_ROLE}`]
  const statements = texts.map((sql) => ({
    sql,
    line: 1,
    builds: null,
    locks: [],
    rewrites: [],
    hazards: [],
  }))
  return { ...stepOf(`${name}/schema`, 'schema', name), statements }
}

/**
 * Applies a migration, or the rest of one that was interrupted; null when it is applied. Throws DEPLOY_NOT_REPEATABLE,
 * and DEPLOY_FILE_CHANGED when statements that are done have been edited; those after them may be.
 */
export async function migrationStep(migration: MigrationSource, ledger: Ledger): Promise<PlanStep | null> {
  const row = ledger.migrations.find(
    (item) => item.module === migration.module && item.number === migration.number,
  )
  if (row && row.state !== 'running') return null
  const statements = await readStatements(migration.sql)
  if (!migration.isTransactional) requireRepeatable(migration, statements)
  const resumeAfter = row?.statements_done ?? 0
  if (row && resumeAfter > 0 && hashStatements(statements.slice(0, resumeAfter)) !== row.done_hash) {
    throw changedFiles([`${migration.id} ${migration.slug}`])
  }
  const [begun] = row?.statement ? await readStatements(row.statement) : []
  return {
    ...stepOf(migration.id, 'migration', migration.module),
    isTransactional: migration.isTransactional,
    resumeAfter,
    unfinished: begun?.builds ?? null,
    statements: statements.map(plannedStatement),
    source: migration,
  }
}

/** The hash of statements, whatever stands between them. */
export function hashStatements(statements: readonly { sql: string }[]): string {
  return hashSql(statements.map((statement) => statement.sql).join(';\n'))
}

/** Applies re-appliable SQL. A policy that it drops and makes again is weakened by neither. */
export async function objectStep(object: ObjectSource, kind: 'bootstrap' | 'objects'): Promise<PlanStep> {
  const read = await readStatements(object.sql)
  const made = new Set(read.map((statement) => statement.makes))
  const dropped = new Set(read.map((statement) => statement.drops))
  const statements = read.map((statement) => {
    const { drops, makes } = statement
    const isReplaced = (drops !== null && made.has(drops)) || (makes !== null && dropped.has(makes))
    // What deploy itself brings is safe to run again, and its do blocks are known.
    return plannedStatement(isReplaced || kind === 'bootstrap' ? { ...statement, hazards: [] } : statement)
  })
  const makes = [...made].filter((identity) => identity !== null)
  return {
    ...stepOf(`${object.module}/${object.name}`, kind, object.module),
    statements,
    makes,
    source: object,
  }
}

/**
 * The protection of a module's tables. Where a table was a tenant table before and is none any more, it is forced no
 * longer; the policy that it had as one is dropped by the removal step.
 */
export async function protectionStep(
  session: Session,
  module: Module,
  object: ObjectSource,
): Promise<PlanStep> {
  const step = await objectStep(object, 'objects')
  const others = module.tables.filter((table) => table.kind !== 'tenant').map((table) => table.name)
  const forced = await session.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2) and c.relforcerowsecurity order by 1`,
    [module.name, others],
  )
  const texts = forced.map(
    ({ name }) => `alter table ${quoteQualified(`${module.name}.${name}`)} no force row level security;`,
  )
  const removals = (await readStatements(texts.join('\n'))).map(plannedStatement)
  return { ...step, statements: [...removals, ...step.statements] }
}

/**
 * Drops the functions, views and policies that an objects file made here and no file makes any more; null when there are
 * none. It comes last, when nothing of this version needs them.
 */
export async function removalStep(
  session: Session,
  ledger: Ledger,
  steps: readonly PlanStep[],
  migrations: readonly MigrationSource[],
): Promise<PlanStep | null> {
  const changed = new Set(steps.map((step) => step.id))
  const current = ledger.made.filter(({ file }) => file !== null && !changed.has(file))
  const made = new Set([...current.map((item) => item.identity), ...steps.flatMap((step) => step.makes)])
  const forgets = ledger.made.map((item) => item.identity).filter((identity) => !made.has(identity))
  if (forgets.length === 0) return null
  // What has moved to a migration is made, too.
  const read = await Promise.all(migrations.map((migration) => readStatements(migration.sql)))
  for (const { makes } of read.flat()) if (makes !== null) made.add(makes)
  // The same function with its types in other words: int for integer.
  const same = await session.query<{ identity: string }>(
    `select identity from unnest($1::text[]) identity
     where identity ~ '^(function|procedure) ' and exists (
       select from unnest($2::text[]) other where other ~ '^(function|procedure) '
         and to_regprocedure(regexp_replace(other, '^\\w+ ', '')) = to_regprocedure(regexp_replace(identity, '^\\w+ ', '')))`,
    [forgets, [...made]],
  )
  const kept = new Set(same.map((row) => row.identity))
  const gone = forgets.filter((identity) => !kept.has(identity) && !made.has(identity))
  const texts = REMOVED_KINDS.map((kind) => dropAll(kind, gone))
  const statements = (await readStatements(texts.join('\n'))).map(plannedStatement)
  return { ...stepOf('deploy/removal', 'removal', 'deploy'), statements, forgets }
}

/** Those that use others first. */
const REMOVED_KINDS = ['policy', 'view', 'materialized view', 'procedure', 'function']

/** One statement for all of a kind, since they may use each other; a policy takes one of its own. */
function dropAll(kind: string, gone: string[]): string {
  const names = gone.filter((item) => item.startsWith(`${kind} `)).map((item) => item.slice(kind.length + 1))
  if (names.length === 0) return ''
  if (kind !== 'policy') return `drop ${kind} if exists ${names.join(', ')};`
  return names.map((name) => `drop policy if exists ${name};`).join('\n')
}

function stepOf(id: string, kind: PlanStep['kind'], module: string): PlanStep {
  return {
    id,
    kind,
    module,
    isTransactional: true,
    resumeAfter: 0,
    unfinished: null,
    makes: [],
    forgets: [],
    statements: [],
    source: null,
  }
}

const REPEATABLE =
  /^(create\s+(unique\s+)?index\s+concurrently\s+(if\s+not\s+exists\s+)?(\w+|"[^"]+")\s+on\b|drop\s+index\s+concurrently\s+if\s+exists\b|reindex\b|vacuum\b|analyze\b|alter\s+table\s+\S+\s+validate\s+constraint\b|alter\s+type\s+\S+\s+add\s+value\s+if\s+not\s+exists\b)/i

/** A kill between a statement and its record makes the next run repeat it, so repeating must do no harm. */
function requireRepeatable(migration: MigrationSource, statements: Statement[]): void {
  const other = statements.find((statement) => !REPEATABLE.test(statement.sql))
  if (other) {
    throw deployErrors.DEPLOY_NOT_REPEATABLE({ data: { migration: migration.id, line: other.line } })
  }
}

function plannedStatement(statement: Statement): PlannedStatement {
  const { sql, line, builds, locks, hazards } = statement
  const rewrites = statement.rewrites.map((relation) => ({ relation, rows: 0, bytes: 0 }))
  return { sql, line, builds, locks, hazards, rewrites }
}
