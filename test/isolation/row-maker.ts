import { randomUUID } from 'node:crypto'

import type { CatalogModel, ColumnModel, TableModel } from '../../src/catalog/model.ts'
import { findSqlError, SQLSTATE } from '../../src/db/sql-error.ts'
import { PRIVACY_LEVELS } from '../../src/kernel/context.ts'
import type { Town } from '../support/found-town.ts'
import type { TestDatabase } from '../support/test-database.ts'

export type Row = Record<string, unknown>

const MOST_TRIES = 500

/**
 * Makes rows of any table from the catalogue alone: values of the column's type, changed until the table's checks and
 * unique keys accept them, foreign keys to rows made before. Works as the deployer, whom row-level security spares.
 */
export class RowMaker {
  readonly #test: TestDatabase
  readonly #model: CatalogModel
  readonly #made = new Map<string, Row[]>()
  #counter = 0

  constructor(test: TestDatabase, model: CatalogModel) {
    this.#test = test
    this.#model = model
  }

  /** The rows made so far of a table in a town. */
  made(table: string, townId: string): Row[] {
    return (this.#made.get(table) ?? []).filter((row) => row['town_id'] === townId)
  }

  /** Makes one row of each privacy in every table with a town, as the town's member. */
  async fill(town: Town): Promise<void> {
    const withTown = this.#model.tables.filter((table) => hasColumn(table, 'town_id'))
    const tenant = withTown.filter((table) => table.rowSecurity === 'forced' || hasColumn(table, 'privacy'))
    for (const table of parentsFirst(tenant)) {
      for (const privacy of PRIVACY_LEVELS) {
        const fixed = { town_id: town.id, id: randomUUID(), privacy, created_by: town.member.userId }
        await this.make(table, fixed)
      }
    }
  }

  /**
   * Inserts one row with the `fixed` values; null when a check of the table forbids them. Throws, naming the table,
   * when no other values can be found that it accepts.
   */
  async make(table: TableModel, fixed: Row): Promise<Row | null> {
    const turns = new Map<string, number>()
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const row = { ...this.#values(table, { fixed, turns }), ...fixed }
      try {
        await this.#insert(table, row)
        this.#made.set(table.name, [...(this.#made.get(table.name) ?? []), row])
        return row
      } catch (error) {
        const columns = this.#offending(table, error).filter((name) => !(name in fixed))
        if (columns.length === 0) {
          if (findSqlError(error)?.code === SQLSTATE.checkViolation) return null
          throw new Error(`no row could be made for ${table.name}: ${(error as Error).message}`, {
            cause: error,
          })
        }
        const turned = columns[tries % columns.length]!
        turns.set(turned, (turns.get(turned) ?? 0) + 1)
      }
    }
    throw new Error(
      `no row could be made for ${table.name} in ${MOST_TRIES} tries: teach test/isolation/row-maker.ts`,
    )
  }

  #values(table: TableModel, { fixed, turns }: { fixed: Row; turns: Map<string, number> }): Row {
    const row: Row = {}
    this.#counter += 1
    for (const column of table.columns) {
      if (
        column.generated !== null ||
        column.isNullable ||
        (column.default !== null && !turns.has(column.name))
      )
        continue
      const candidates = candidatesFor(table, column, this.#counter)
      row[column.name] = candidates[(turns.get(column.name) ?? 0) % candidates.length]
    }
    for (const key of foreignKeysOf(table)) {
      const parents = (this.#made.get(key.table) ?? []).filter(
        (parent) => !('town_id' in parent) || parent['town_id'] === fixed['town_id'],
      )
      const turn = Math.max(0, ...key.columns.map((name) => turns.get(name) ?? 0))
      const parent = parents[turn % Math.max(1, parents.length)]
      if (!parent) continue
      for (const [index, name] of key.columns.entries()) row[name] = parent[key.references[index]!]
    }
    return row
  }

  async #insert(table: TableModel, row: Row): Promise<void> {
    const names = Object.keys(row)
    const places = names.map((_, index) => `$${index + 1}`)
    await this.#test.query(
      `insert into ${table.name} (${names.join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    )
  }

  /** The columns that the violated constraint or index speaks of. */
  #offending(table: TableModel, error: unknown): string[] {
    const { code, constraint } = findSqlError(error) ?? {}
    if (code !== SQLSTATE.checkViolation && code !== SQLSTATE.uniqueViolation) return []
    const own = this.#model.tables.find((item) => item.name === table.name)!
    const definition =
      [...own.constraints, ...own.indexes].find((item) => item.name === constraint)?.definition ?? ''
    return own.columns
      .map((column) => column.name)
      .filter((name) => new RegExp(`\\b${name}\\b`).test(definition))
  }
}

export type ForeignKey = { name: string; columns: string[]; table: string; references: string[] }

/** The foreign keys of a table, read from the text of its constraints. */
export function foreignKeysOf(table: TableModel): ForeignKey[] {
  return table.constraints.flatMap(({ name, definition }) => {
    const [, columns, target, references] =
      /^FOREIGN KEY \((.*?)\) REFERENCES ([\w.]+)\((.*?)\)/.exec(definition) ?? []
    if (!columns || !target || !references) return []
    return [{ name, columns: columns.split(', '), table: target, references: references.split(', ') }]
  })
}

const hasColumn = (table: TableModel, name: string): boolean =>
  table.columns.some((column) => column.name === name)

/** The tables with every one after those it refers to. */
function parentsFirst(tables: readonly TableModel[]): TableModel[] {
  const sorted: TableModel[] = []
  const visit = (table: TableModel) => {
    if (sorted.includes(table)) return
    for (const key of foreignKeysOf(table)) {
      const parent = tables.find((item) => item.name === key.table && item !== table)
      if (parent) visit(parent)
    }
    sorted.push(table)
  }
  for (const table of tables) visit(table)
  return sorted
}

/** Values to try in turn: those that a check lists or bounds, then ordinary ones of the type. */
function candidatesFor(table: TableModel, column: ColumnModel, counter: number): unknown[] {
  const checks = table.constraints.filter((item) => new RegExp(`\\b${column.name}\\b`).test(item.definition))
  const text = checks.map((item) => item.definition).join(' ')
  if (column.type.endsWith('[]')) return [[]]
  switch (column.type) {
    case 'uuid':
      return [randomUUID()]
    case 'text': {
      const listed = [...text.matchAll(/'((?:[^']|'')*)'::text/g)]
        .map(([, value]) => value!)
        .filter((value) => /^\w+$/.test(value))
      return [...listed, `text-${counter}`]
    }
    case 'integer':
    case 'bigint':
    case 'smallint':
    case 'real':
    case 'double precision':
    case 'numeric':
      return [counter, 1, 0, 5, ...[...text.matchAll(/-?\d+/g)].map(([value]) => Number(value))]
    case 'boolean':
      return [false, true]
    case 'jsonb':
      return ['{}', '[]', '"text"']
    case 'bytea':
      return [Buffer.alloc(32, counter)]
    case 'timestamp with time zone':
      return [new Date(Date.UTC(2024, 0, 1) + counter * 1000)]
    case 'date':
      return ['2024-01-01']
    case 'time without time zone':
      return ['12:00']
    case 'tsvector':
      return [`'text':1`]
    default:
      throw new Error(
        `no value is known for ${column.type} (${table.name}.${column.name}): teach test/isolation/row-maker.ts`,
      )
  }
}
