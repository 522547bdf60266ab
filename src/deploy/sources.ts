import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import type { Module, TableDeclaration } from '../db/module.ts'
import { quoteQualified } from '../db/quote.ts'
import { deployErrors } from './deploy.errors.ts'

/** A migration file: append-only, applied once. */
export type MigrationSource = {
  module: string
  number: number
  slug: string
  /** `memory/3` */
  id: string
  sql: string
  hash: string
  /** False for a file that begins with `-- robbieverse: no-transaction` (create index concurrently and its like). */
  isTransactional: boolean
}

/** SQL that is applied again whenever its text changes. */
export type ObjectSource = { module: string; name: string; sql: string; hash: string }

export type ModuleSource = { module: string; migrations: MigrationSource[]; objects: ObjectSource[] }

/** The name, among a module's objects, of what deploy writes for its tables. */
export const PROTECTION = 'protection'

const MIGRATION_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/
const NO_TRANSACTION = /^-- robbieverse: no-transaction\s*$/m

/** SHA-256 of the text with line ends as LF: a checkout with CRLF must not look like a changed file. */
export function hashSql(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}

/** Reads every module's SQL, in the order given. Throws for a gap or a double in a migration sequence. */
export function loadSources(modules: readonly Module[]): ModuleSource[] {
  return modules.map((module) => ({
    module: module.name,
    migrations: loadMigrations(module),
    objects: [...protection(module), ...loadObjects(module)],
  }))
}

/** The SQL that deploy itself needs before the first module. */
export function loadBootstrap(): ObjectSource {
  const sql = readSql(new URL('./sql/bootstrap.sql', import.meta.url))
  return { module: 'deploy', name: 'bootstrap', sql, hash: hashSql(sql) }
}

function loadMigrations(module: Module): MigrationSource[] {
  const folder = new URL('migrations/', module.sql)
  return listSql(folder).map((file, index) => {
    const [, digits, slug] = MIGRATION_NAME.exec(file) ?? []
    if (!digits || !slug || Number(digits) !== index + 1) {
      throw deployErrors.DEPLOY_SEQUENCE_BROKEN({ data: { module: module.name, file, expected: index + 1 } })
    }
    const sql = readSql(new URL(file, folder))
    return {
      module: module.name,
      number: index + 1,
      slug,
      id: `${module.name}/${index + 1}`,
      sql,
      hash: hashSql(sql),
      isTransactional: !NO_TRANSACTION.test(sql.split('\n', 3).join('\n')),
    }
  })
}

function loadObjects(module: Module): ObjectSource[] {
  const folder = new URL('objects/', module.sql)
  return listSql(folder).map((file) => {
    const sql = readSql(new URL(file, folder))
    return { module: module.name, name: file, sql, hash: hashSql(sql) }
  })
}

function protection(module: Module): ObjectSource[] {
  if (module.tables.length === 0) return []
  const sql = module.tables.map((table) => protectTable(module.name, table)).join('\n')
  return [{ module: module.name, name: PROTECTION, sql, hash: hashSql(sql) }]
}

const templates = new Map<TableDeclaration['kind'], string>()

function protectTable(schema: string, table: TableDeclaration): string {
  let template = templates.get(table.kind)
  if (template === undefined) {
    template = readSql(new URL(`./sql/${table.kind}-table.sql`, import.meta.url)).replaceAll(/^--.*\n/gm, '')
    templates.set(table.kind, template)
  }
  const grants =
    table.grants ?? (table.kind === 'tenant' ? ['select', 'insert', 'update', 'delete'] : ['select'])
  return template
    .replaceAll(':table', () => quoteQualified(`${schema}.${table.name}`))
    .replaceAll(':grants', grants.join(', '))
}

function listSql(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readSql(url: URL): string {
  return readFileSync(url, 'utf8')
}
