import type { LineMark } from './line-marks.ts'

/** A token inside the brackets of a call; `depth` counts the brackets around it, those of the call not among them. */
export type ArgumentToken = { kind: 'literal' | 'word' | 'mark'; text: string; depth: number; line: number }
export type BuilderCall = { method: string; line: number; tokens: ArgumentToken[] }
/** Calls on one table, in order, as the program writes them. */
export type BuilderChain = {
  style: 'supabase' | 'knex'
  schema: string | null
  table: string
  calls: BuilderCall[]
}

/** `parsable` has every table and column that the calls name; its conditions stand for theirs. */
export type BuiltSql = {
  line: number
  parsable: string
  holes: []
  parameters: string[]
  lines: LineMark[]
}

type Column = { name: string; line: number }

const FILTERS =
  /^(?:eq|neq|gt|gte|lt|lte|like|ilike|is|in|contains|containedBy|overlaps|textSearch|not|filter|match|order|where|andWhere|orWhere|whereNot|whereIn|whereNotIn|whereNull|whereNotNull|whereBetween|whereLike|whereILike|orderBy|groupBy)$/
const RETURNING = /^(?:select|returning)$/
/** With these other tables come in, or SQL that is not seen: then no column is surely the table's own. */
const OTHERS = /join|with|raw|from|union|as$|table/i

/** The statement that a chain of calls makes, as far as its literals say; null where that is nothing. */
export function sqlOfCalls(chain: BuilderChain): BuiltSql | null {
  const { calls } = chain
  const isOpen = chain.style === 'knex' && calls.some(({ method }) => OTHERS.test(method))
  const verb = calls.find(({ method }) => /^(?:insert|update|upsert|delete|del)$/.test(method))
  const filters = isOpen ? [] : calls.filter(({ method }) => FILTERS.test(method)).flatMap(filterColumns)
  const selected = isOpen ? [] : calls.filter(({ method }) => RETURNING.test(method)).flatMap(listedColumns)
  const writer = new SqlWriter(calls[0]!.line)
  const table = tableOf(chain)
  if (!verb) {
    writer.list('select ', selected).add(` from ${table}`)
    writer.list(' where ', filters, ' is null and ', ' is null')
  } else if (verb.method === 'insert' || verb.method === 'upsert') {
    const written = writtenColumns(verb)
    writer.add(`insert into ${table}`)
    if (written.length > 0)
      writer.list(' (', written).add(`) values (${written.map(() => 'null').join(', ')})`)
    else writer.add(' default values')
    const conflict = conflictOf(verb, calls)
    if (conflict.length > 0) writer.list(' on conflict (', conflict).add(') do nothing')
    writer.list(' returning ', selected)
  } else if (verb.method === 'update') {
    const written = writtenColumns(verb)
    if (written.length === 0) return null
    writer.add(`update ${table}`).list(' set ', written, ' = null, ', ' = null')
    writer.list(' where ', filters, ' is null and ', ' is null').list(' returning ', selected)
  } else {
    writer.add(`delete from ${table}`)
    writer.list(' where ', filters, ' is null and ', ' is null').list(' returning ', selected)
  }
  return writer.done()
}

const quote = (name: string) => `"${name}"`
const tableOf = ({ schema, table }: BuilderChain) =>
  schema === null ? quote(table) : `${quote(schema)}.${quote(table)}`

/** Puts a statement together, and remembers which line each name stands on. */
class SqlWriter {
  readonly #lines: LineMark[]
  readonly #line: number
  #text = ''

  constructor(line: number) {
    this.#line = line
    this.#lines = [{ at: 0, line }]
  }

  add(text: string) {
    this.#text += text
    return this
  }

  /** Nothing for no columns, but the bare word where that is `select`. */
  list(before: string, columns: Column[], between = ', ', after = '') {
    if (columns.length === 0) return before === 'select ' ? this.add('select') : this
    this.add(before)
    for (const [index, { name, line }] of columns.entries()) {
      if (index > 0) this.add(between)
      this.#lines.push({ at: this.#text.length, line })
      this.add(quote(name))
    }
    this.#lines.push({ at: this.#text.length, line: this.#line })
    return this.add(after)
  }

  done(): BuiltSql {
    return { line: this.#line, parsable: this.#text, holes: [], parameters: [], lines: this.#lines }
  }
}

/** The first part of `a`, `a->>b`, `a::text`, `alias:a`; nothing for `*`, another table's columns and functions. */
function columnOf(text: string): string | null {
  const [, name] = /^\s*(?:[A-Za-z_]\w*:(?!:))?([A-Za-z_]\w*)\s*(?:->.*|::\w+\s*)?$/s.exec(text) ?? []
  return name === undefined || name === 'count' ? null : name
}

const asColumn = ({ text, line }: { text: string; line: number }): Column[] => {
  const name = columnOf(text)
  return name === null ? [] : [{ name, line }]
}

/** Columns of `'a, b, other(c)'`, or of several literals or a list of them. */
function listedColumns({ tokens }: BuilderCall): Column[] {
  const isPlain = tokens.every(({ kind, text }) => kind === 'literal' || /^[[\],]$/.test(text))
  if (!isPlain && tokens[0]?.kind !== 'literal') return []
  const literals = isPlain ? tokens.filter(({ kind }) => kind === 'literal') : tokens.slice(0, 1)
  return literals.flatMap(({ text, line }) => {
    const pieces = splitOutside(text)
    let at = line
    return pieces.flatMap((piece) => {
      const lead = /^\s*/.exec(piece)![0].split('\n').length - 1
      const found = asColumn({ text: piece, line: at + lead })
      at += piece.split('\n').length - 1
      return found
    })
  })
}

/** Cut at the commas that stand in no brackets. */
function splitOutside(text: string): string[] {
  const pieces: string[] = []
  let [depth, from] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth += 1
    else if (text[at] === ')') depth -= 1
    else if (text[at] === ',' && depth === 0) {
      pieces.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...pieces, text.slice(from)]
}

function filterColumns({ tokens }: BuilderCall): Column[] {
  const [first] = tokens
  return first?.kind === 'literal' ? asColumn(first) : first?.text === '{' ? keysOf(tokens, 1) : []
}

const writtenColumns = ({ tokens }: BuilderCall): Column[] => {
  const rows = tokens[0]?.text === '[' && tokens[1]?.text === '{' ? keysOf(tokens, 2) : []
  const found = tokens[0]?.text === '{' ? keysOf(firstArgument(tokens), 1) : rows
  return [...new Map(found.toReversed().map((column) => [column.name, column])).values()].toReversed()
}

function firstArgument(tokens: ArgumentToken[]) {
  const end = tokens.findIndex(({ text, depth, kind }) => kind === 'mark' && text === ',' && depth === 0)
  return end < 0 ? tokens : tokens.slice(0, end)
}

/** The keys of the objects at a depth: `{ a: 1, b, 'c': 2 }`; computed and spread ones are none. */
function keysOf(tokens: ArgumentToken[], depth: number): Column[] {
  return tokens.flatMap((token, index) => {
    const [before, after] = [tokens[index - 1], tokens[index + 1]]
    const opens = before?.kind === 'mark' && /^[{,]$/.test(before.text)
    const closes = after?.kind === 'mark' && /^[:,}]$/.test(after.text)
    const isKey = token.kind !== 'mark' && token.depth === depth && opens && closes
    return isKey && /^[A-Za-z_]\w*$/.test(token.text) ? [{ name: token.text, line: token.line }] : []
  })
}

/** `{ onConflict: 'a,b' }` of supabase-js, `.onConflict(['a', 'b'])` of knex. */
function conflictOf(verb: BuilderCall, calls: BuilderCall[]): Column[] {
  const call = calls.find(({ method }) => method === 'onConflict')
  if (call) return listedColumns(call)
  const at = verb.tokens.findIndex(({ text }) => /^(?:onConflict|on_conflict)$/.test(text))
  const [mark, value] = verb.tokens.slice(at + 1, at + 3)
  if (at < 0 || !/^[:=]$/.test(mark?.text ?? '') || value?.kind !== 'literal') return []
  return value.text.split(',').flatMap((text) => asColumn({ text, line: value.line }))
}
