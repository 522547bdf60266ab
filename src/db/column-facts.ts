import columnFacts from './columns.gen.json' with { type: 'json' }

/** What a column says of itself: the rules that its table's checks and keys make. */
export type ColumnFacts = {
  /** As `format_type` writes it. */
  type: string
  isNullable: boolean
  hasDefault: boolean
  comment: string
  /** The only values it may have. */
  values?: string[]
  /** Bounds of the number, or of the length of the text. */
  min?: number
  max?: number
  /** Unqualified name of the table whose id a foreign key from it (and the town) points to. */
  references?: string
}

/** Facts of columns by unqualified table and column. */
export type TableFacts = Record<string, Record<string, ColumnFacts>>

const tables: TableFacts = columnFacts

/** Facts of the columns of a table. Throws when they were not generated yet. */
export function factsOfTable(table: string): Record<string, ColumnFacts> {
  const facts = tables[table]
  if (!facts) throw new Error(`nothing is known of the columns of ${table}: run npm run db:gen`)
  return facts
}

/** Facts of one column. Throws when there is none of that name. */
export function factsOfColumn(table: string, column: string): ColumnFacts {
  const facts = factsOfTable(table)[column]
  if (!facts) throw new Error(`${table} has no column ${column}; run npm run db:gen if it is new`)
  return facts
}
