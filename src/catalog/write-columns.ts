import type { ColumnFacts } from '../db/column-facts.ts'
import type { CatalogModel, ColumnModel, NamedDefinition } from './model.ts'

/** Facts of every table's columns as the catalogue has them, as JSON. */
export function writeColumns(model: CatalogModel): string {
  const tables = model.tables.map((table) => [
    bareName(table.name),
    Object.fromEntries(table.columns.map((column) => [column.name, factsOf(column, table.constraints)])),
  ])
  return `${JSON.stringify(Object.fromEntries(tables), null, 1)}\n`
}

function factsOf(column: ColumnModel, constraints: NamedDefinition[]): ColumnFacts {
  const definitions = constraints.map((constraint) => constraint.definition)
  const facts: ColumnFacts = {
    type: column.type,
    isNullable: column.isNullable,
    hasDefault: column.default !== null,
    comment: column.comment ?? '',
  }
  for (const definition of definitions) Object.assign(facts, rulesOf(column, definition))
  return facts
}

// A number below zero stands in quotes, and what is compared with fractions is cast again: ('-10'::integer)::double precision.
const NUMBER = String.raw`\(*'?(-?\d+(?:\.\d+)?)'?(?:\)|::[a-z ]+)*`

/** The rule that one constraint, in PostgreSQL's own spelling (which quotes keywords), makes for one column; none when it is about more. */
function rulesOf(column: ColumnModel, definition: string): Partial<ColumnFacts> {
  const name = `"?${column.name}"?`
  const [, target] =
    new RegExp(
      `^FOREIGN KEY \\((?:town_id, )?${name}\\) REFERENCES [a-z_]+\\."?([a-z0-9_]+)"?\\((?:town_id, )?id\\)`,
    ).exec(definition) ?? []
  if (target) return { references: target }
  const values = listedValues(column.name, definition)
  if (values) return { values }
  const subject = `(?:${name}|\\(${name}\\)::text|length\\(${name}\\)|cardinality\\(${name}\\))`
  const between = new RegExp(
    `^CHECK \\(\\(\\(${subject} >= ${NUMBER}\\) AND \\(${subject} <= ${NUMBER}\\)\\)\\)$`,
  )
  const [, low, high] = between.exec(definition) ?? []
  if (low !== undefined && high !== undefined) return { min: Number(low), max: Number(high) }
  const [, operator, bound] =
    new RegExp(`^CHECK \\(\\(${subject} (>=|<=) ${NUMBER}\\)\\)$`).exec(definition) ?? []
  if (bound === undefined) return {}
  return operator === '>=' ? { min: Number(bound) } : { max: Number(bound) }
}

/** The values that a check lists for a text column; null when it does not. */
export function listedValues(column: string, definition: string): string[] | null {
  const list = new RegExp(`^CHECK \\(\\("?${column}"? = ANY \\(ARRAY\\[(.*)\\]\\)\\)\\)$`)
  const [, values] = list.exec(definition) ?? []
  if (!values) return null
  return [...values.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, value]) => value!.replaceAll("''", "'"))
}

function bareName(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}
