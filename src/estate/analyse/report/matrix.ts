import { byCodePoint } from '../code-point-order.ts'
import type { Analysis, MatrixRow } from '../finding.ts'
import { byObject, objectKey } from './object-groups.ts'

/** The tables that a source ends up with; `source` is its name, which no other source has. */
export type SourceTables = {
  source: string
  tables: { schema: string; name: string; columns: { name: string; type: string }[] }[]
}

/** What each source says of the tables that more than one of them has; sources that share none are left out. */
export function matrixOf(given: readonly SourceTables[]): Analysis['matrix'] {
  const cells = given.flatMap(({ source, tables }) =>
    tables.map(({ schema, name, columns }) => ({
      source,
      object: { kind: 'table' as const, schema, name },
      columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
    })),
  )
  const shared = [...Map.groupBy(cells, ({ object }) => objectKey(object)).values()].filter(
    (own) => new Set(own.map(({ source }) => source)).size > 1,
  )
  const sources = [...new Set(shared.flat().map(({ source }) => source))].toSorted(byCodePoint)
  const rows = shared.map((own) => {
    const bySource = new Map(own.map(({ source, columns }) => [source, columns]))
    const entries = sources.map((source) => [source, bySource.get(source) ?? null] as const)
    return { object: own[0]!.object, sources: Object.fromEntries(entries) }
  })
  return { sources, rows: rows.toSorted((a, b) => byObject(a.object, b.object)) }
}

/** A table side by side: each column of any source, and its type in each; null where a source has no such column. */
export type Comparison = {
  object: MatrixRow['object']
  /** Sources that have the table, each with the letter of its shape: equal letters are equal columns and types. */
  sources: { name: string; shape: string; columns: number }[]
  features: { name: string; types: (string | null)[]; isEqual: boolean }[]
}

/** Puts the definitions of a row side by side; columns in the order in which the sources have them. */
export function compareRow({ object, sources }: MatrixRow, names: readonly string[]): Comparison {
  const having = names.flatMap((name) => {
    const columns = Object.hasOwn(sources, name) ? sources[name] : null
    return columns ? [{ name, columns }] : []
  })
  const features = [...new Set(having.flatMap(({ columns }) => Object.keys(columns)))].map((name) => {
    const types = having.map(({ columns }) => (Object.hasOwn(columns, name) ? columns[name]! : null))
    return { name, types, isEqual: new Set(types).size === 1 }
  })
  const shapes = new Map<string, string>()
  return {
    object,
    features,
    sources: having.map(({ name, columns }, index) => {
      const said = JSON.stringify(features.map((feature) => feature.types[index]))
      if (!shapes.has(said)) shapes.set(said, letter(shapes.size))
      return { name, shape: shapes.get(said)!, columns: Object.keys(columns).length }
    }),
  }
}

/** A, B, ... Z, AA, AB and so on. */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last
}
