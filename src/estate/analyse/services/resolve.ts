import type { Estate, Variant } from '../estate.ts'
import type { Name, TableUse } from '../inventory/facts.ts'
import { nameOfKey } from '../simulate/alter.ts'
import type { TableState } from '../simulate/state.ts'
import { Hearsay } from './hearsay.ts'
import type { ServiceStatement } from './read-services.ts'
import { isKeyFor, uniqueKeysOf, type ConflictTarget } from './unique-keys.ts'

/** What a statement needs of a table, and a line for each of its needs. */
type Needs = {
  columns: { name: string; line: number }[]
  targets: (ConflictTarget & { line: number })[]
}

/** What a definition of the table lacks for a statement; nothing where the statement fits it. */
export type Fit = { variant: Variant } & Needs

/** A table that a statement of a service uses, held against each of its definitions. */
export type Resolved = {
  statement: ServiceStatement
  table: { schema: string; name: string }
  fits: Fit[]
  /** What no definition has. */
  nowhere: Needs
}

const resolved = new WeakMap<Estate, Resolved[]>()

/** All uses of defined tables by services, in the order of files and lines. Worked out once for an estate. */
export function resolveServices(estate: Estate): Resolved[] {
  const known = resolved.get(estate)
  if (known) return known
  const resolver = new Resolver(estate)
  const found = estate.services.statements.flatMap((statement) => resolver.resolve(statement))
  resolved.set(estate, found)
  return found
}

export const isFit = ({ columns, targets }: Needs): boolean => columns.length === 0 && targets.length === 0

class Resolver {
  readonly #estate: Estate
  readonly #hearsay: Hearsay
  /** Keys of the tables of a name, `public` first. */
  readonly #keys = new Map<string, string[]>()

  constructor(estate: Estate) {
    this.#estate = estate
    this.#hearsay = new Hearsay(estate)
    for (const [key, [first]] of estate.variants) {
      const { schema, name } = first!.table
      const others = this.#keys.get(name) ?? []
      this.#keys.set(name, schema === 'public' ? [key, ...others] : [...others, key])
    }
  }

  resolve(statement: ServiceStatement): Resolved[] {
    const byTable = Map.groupBy(statement.uses, ({ table }) => `${table.schema ?? ''}\0${table.name}`)
    return [...byTable.values()].flatMap((uses) => this.#resolveTable(statement, uses) ?? [])
  }

  /** A name without a schema may be of any: what fits one of them is taken to mean that one. */
  #resolveTable(statement: ServiceStatement, uses: TableUse[]): Resolved | null {
    const { table } = uses[0]!
    if (this.#hearsay.isOpaque(table.name)) return null
    const needs = needsOf(uses)
    const all = this.#keysOf(table).flatMap((key) => this.#against(statement, key, needs) ?? [])
    return all.find(({ nowhere }) => isFit(nowhere)) ?? all[0] ?? null
  }

  #keysOf({ schema, name }: Name): string[] {
    const keys = this.#keys.get(name) ?? []
    return schema === null ? keys : keys.filter((key) => key === `${schema}.${name}`)
  }

  #against(statement: ServiceStatement, key: string, needs: Needs): Resolved | null {
    const variants = this.#estate.variants.get(key)!
    // Where one definition is not known to the end, it may have what the others lack.
    if (variants.some(({ table }) => table.isOpen)) return null
    const { schema, name } = variants[0]!.table
    const lacks = variants.map((variant) => ({ variant, ...lackOf(variant.table, needs) }))
    const open = {
      columns: needs.columns.filter(
        ({ name: column }) => isIn(column, lacks) && !this.#hearsay.hasColumn(name, column),
      ),
      targets: needs.targets.filter(
        (target) =>
          lacks.some(({ targets }) => targets.includes(target)) && !this.#hearsay.hasKey(name, target),
      ),
    }
    const fits = lacks.map(({ variant, columns, targets }) => ({
      variant,
      columns: columns.filter((column) => open.columns.includes(column)),
      targets: targets.filter((target) => open.targets.includes(target)),
    }))
    const nowhere = {
      columns: open.columns.filter((column) => fits.every((fit) => fit.columns.includes(column))),
      targets: open.targets.filter((target) => fits.every((fit) => fit.targets.includes(target))),
    }
    return { statement, table: { schema, name }, fits, nowhere }
  }
}

const isIn = (column: string, lacks: Fit[]) =>
  lacks.some(({ columns }) => columns.some(({ name }) => name === column))

function needsOf(uses: TableUse[]): Needs {
  const columns = new Map<string, Needs['columns'][number]>()
  for (const use of uses) {
    for (const column of use.columns) if (!columns.has(column.name)) columns.set(column.name, column)
  }
  const targets = uses.flatMap(({ conflict, constraint, hasConflictFilter, line }) =>
    conflict === null && constraint === null
      ? []
      : [{ columns: conflict, constraint, hasFilter: hasConflictFilter, line }],
  )
  return { columns: [...columns.values()], targets }
}

function lackOf(table: TableState, { columns, targets }: Needs): Needs {
  return {
    columns: columns.filter(({ name }) => !table.columns.has(name)),
    targets: targets.filter((target) => !hasKey(table, target)),
  }
}

function hasKey(table: TableState, target: ConflictTarget): boolean {
  if (target.columns !== null) return uniqueKeysOf(table).some((key) => isKeyFor(target, key))
  return table.keys.some((key) => nameOfKey(table, key) === target.constraint)
}
