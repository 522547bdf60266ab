import type { Name, TableUse } from './facts.ts'

/** A use that is being gathered; offsets become lines at the end. */
type Gathered = Omit<TableUse, 'line' | 'columns'> & { at: number; columns: Map<string, number> }

/** Something with columns in a query. `use` is null where its columns cannot be known: a sub-query, a function, a CTE. */
export type Relation = { use: Gathered | null }

/** Names of one `with`; a query sees the first `limit` of them, then those of `parent`. */
export type Ctes = { names: ReadonlyMap<string, number>; limit: number; parent: Ctes | null }

/** What the names in an expression may mean, from the innermost query outwards. */
export type Scope = {
  parent: Scope | null
  ctes: Ctes | null
  /** By alias, and by schema and name where there is no alias; null where two have the same. */
  relations: Map<string, Relation | null>
  /** Of this scope and all around it. */
  count: number
  /** The only relation of this scope and all around it, while there is one. */
  only: Relation | null
}

const NO_TARGET = { conflict: null, hasConflictFilter: false, constraint: null }

const SYSTEM_COLUMNS = new Set(['ctid', 'oid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax'])

/** The identifier that stands for a hole: nothing is known of what it names. */
export const holeName = (index: number) => `__hole_${index}`
export const isHoleName = (name: string) => /__hole_\d/.test(name)

export function innerScope(parent: Scope | null, ctes: Ctes | null = parent?.ctes ?? null): Scope {
  return { parent, ctes, relations: new Map(), count: parent?.count ?? 0, only: parent?.only ?? null }
}

export function addRelation(scope: Scope, relation: Relation, names: (string | null)[]) {
  scope.count += 1
  scope.only = scope.count === 1 ? relation : null
  for (const name of names) addAlias(scope, name, relation)
}

/** Makes the name known without another relation: `excluded`, the alias of a join. */
export function addAlias(scope: Scope, name: string | null, relation: Relation) {
  if (name !== null) scope.relations.set(name, scope.relations.has(name) ? null : relation)
}

export const schemaAlias = (schema: string, name: string) => `${schema}\0${name}`

export function isCte(ctes: Ctes | null, name: string): boolean {
  for (let level = ctes; level; level = level.parent) {
    if ((level.names.get(name) ?? Infinity) < level.limit) return true
  }
  return false
}

function findRelation(scope: Scope | null, alias: string): Relation | null | undefined {
  for (let level = scope; level; level = level.parent) {
    const found = level.relations.get(alias)
    if (found !== undefined) return found
  }
  return undefined
}

/** Gathers the tables of one statement, and the columns that are surely theirs. */
export class TableUses {
  readonly #uses: Gathered[] = []
  readonly #reads = new Map<string, Gathered>()
  readonly #notColumns: ReadonlySet<string>

  constructor(notColumns: ReadonlySet<string>) {
    this.#notColumns = notColumns
  }

  /** Reads, updates and deletes of one table are one use each; every insert is its own, for its conflict target. */
  add(table: Name, how: TableUse['how'], at: number): Gathered {
    const key = `${how}\0${table.schema ?? ''}\0${table.name}`
    const known = this.#reads.get(key)
    if (known) return known
    const use: Gathered = { table, how, at, columns: new Map(), ...NO_TARGET }
    this.#uses.push(use)
    if (how !== 'insert') this.#reads.set(key, use)
    return use
  }

  addColumn(relation: Relation | null | undefined, column: string, at: number) {
    const columns = relation?.use?.columns
    if (!columns || SYSTEM_COLUMNS.has(column) || isHoleName(column)) return
    columns.set(column, Math.min(at, columns.get(column) ?? at))
  }

  /** `fields` are the parts of a column's name, as in `schema.table.column`. */
  resolve(fields: string[], scope: Scope | null, at: number) {
    const column = fields.at(-1)!
    const [table, schema] = [fields.at(-2), fields.at(-3)]
    if (schema !== undefined) this.addColumn(findRelation(scope, schemaAlias(schema, table!)), column, at)
    else if (table !== undefined) this.addColumn(findRelation(scope, table), column, at)
    // A table's name stands for its whole row. With two relations in sight, only the catalogue knows whose column it is.
    else if (!this.#notColumns.has(column) && findRelation(scope, column) === undefined) {
      this.addColumn(scope?.only, column, at)
    }
  }

  /** In the order in which the statement names them. */
  done(lineAt: (offset: number) => number): TableUse[] {
    return this.#uses
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, columns, ...use }) => ({
        ...use,
        line: lineAt(at),
        columns: [...columns]
          .toSorted(([, a], [, b]) => a - b)
          .map(([name, offset]) => ({ name, line: lineAt(offset) })),
      }))
  }
}
