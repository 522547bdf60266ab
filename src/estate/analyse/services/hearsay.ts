import type { Estate } from '../estate.ts'
import type { EstateFile } from '../inventory/estate-file.ts'
import type { Fact } from '../inventory/facts.ts'
import type { SqlStatement } from '../inventory/statement.ts'
import { simulate } from '../simulate/simulate.ts'
import type { Simulated, TableState } from '../simulate/state.ts'
import { byCodePoint } from '../code-point-order.ts'
import type { ServiceStatement } from './read-services.ts'
import { plainWord } from './service-kinds.ts'
import {
  isKeyFor,
  uniqueIndexOf,
  uniqueKeyOf,
  uniqueKeysOf,
  type ConflictTarget,
  type UniqueKey,
} from './unique-keys.ts'

type Known = { columns: Set<string>; keys: UniqueKey[]; parents: Set<string> }
/** Text in lower case that may change tables and that nobody follows: code of functions, what could not be parsed. */
type Loose = { text: string; isAnyTable: boolean }

/**
 * What an estate says of tables outside of their definitions: changes in other sources, by services, in code and in texts
 * that are not followed. Whoever looks for what is missing asks here too. All by the table's name, whatever its schema.
 */
export class Hearsay {
  readonly #estate: Estate
  readonly #known = new Map<string, Known>()
  readonly #opaque = new Set<string>()
  readonly #parents = new Set<string>()
  readonly #computed: Set<string>
  readonly #loose: Loose[]
  /** Those that speak of a table. */
  readonly #looseOf = new Map<string, Loose[]>()

  constructor(estate: Estate) {
    this.#estate = estate
    const ofServices = sourcesOf(estate.services.statements).map(simulate)
    for (const one of [...estate.simulated, ...ofServices]) this.#takeStrays(one)
    for (const one of ofServices) for (const table of one.tables.values()) this.#takeTable(table)
    for (const { statements } of estate.files) for (const { facts } of statements) this.#takeFacts(facts)
    for (const { facts } of estate.services.statements) {
      this.#takeFacts(facts)
      for (const fact of facts)
        if (fact.fact === 'table' && fact.isTemporary) this.#opaque.add(fact.name.name)
    }
    this.#computed = new Set(
      [...estate.simulated, ...ofServices].flatMap(({ functions }) =>
        [...functions.values()].flatMap((item) => (item.arguments.length === 1 ? item.name.name : [])),
      ),
    )
    this.#loose = estate.files.flatMap((file) => looseIn(file))
  }

  /** A view, or what a rename made of something: nothing is known of its columns. */
  isOpaque(table: string): boolean {
    return this.#opaque.has(table)
  }

  hasColumn(table: string, column: string): boolean {
    return (
      this.#family(table).some((name) => this.#known.get(name)?.columns.has(column)) ||
      this.#computed.has(column) ||
      this.#isMentioned(table, [column]) ||
      this.#isInCode(table, column)
    )
  }

  hasKey(table: string, target: ConflictTarget): boolean {
    if (target.columns === null) return target.constraint === null || this.#isNamed(target.constraint)
    return (
      this.#family(table).some((name) => this.#known.get(name)?.keys.some((key) => isKeyFor(target, key))) ||
      this.#isMentioned(table, [...target.columns], /\bunique\b|\bprimary\s+key\b/i)
    )
  }

  #of(table: string): Known {
    const known = this.#known.get(table) ?? { columns: new Set(), keys: [], parents: new Set() }
    this.#known.set(table, known)
    return known
  }

  /** A table's name and those of all it inherits from. */
  #family(table: string): string[] {
    const family = new Set([table])
    for (const name of family) for (const parent of this.#known.get(name)?.parents ?? []) family.add(parent)
    return [...family]
  }

  #takeStrays({ strays, views }: Simulated): void {
    for (const { name } of views.values()) this.#opaque.add(name.name)
    for (const { fact } of strays) {
      if (fact.fact === 'index') this.#of(fact.table.name).keys.push(...uniqueIndexOf(fact))
      if (fact.fact !== 'alter-table') continue
      const known = this.#of(fact.name.name)
      for (const change of fact.changes) {
        if (change.do === 'add-column') {
          known.columns.add(change.column.name)
          known.keys.push(...change.keys.flatMap(uniqueKeyOf))
        }
        if (change.do === 'rename-column') known.columns.add(change.to)
        if (change.do === 'rename') this.#opaque.add(change.to)
        if (change.do === 'add-key') known.keys.push(...uniqueKeyOf(change.key))
        if (change.do === 'add-key' && change.key.usingIndex !== null) this.#opaque.add(fact.name.name)
      }
    }
  }

  #takeTable(table: TableState): void {
    const known = this.#of(table.name)
    for (const name of table.columns.keys()) known.columns.add(name)
    known.keys.push(...uniqueKeysOf(table))
    if (table.isOpen) this.#opaque.add(table.name)
  }

  #takeFacts(facts: Fact[]): void {
    for (const fact of facts) {
      if (fact.fact === 'rename') this.#opaque.add(fact.to)
      if (fact.fact === 'table')
        for (const parent of fact.takesFrom) this.#inherit(fact.name.name, parent.name)
    }
  }

  /** Columns that a parent is given later are its children's too. */
  #inherit(table: string, parent: string): void {
    const known = this.#of(table)
    if (known.parents.has(parent)) return
    known.parents.add(parent)
    if (this.#parents.has(parent)) return
    this.#parents.add(parent)
    for (const all of this.#estate.variants.values())
      for (const { table: one } of all) if (one.name === parent) this.#takeTable(one)
  }

  #isMentioned(table: string, words: string[], also = /(?:)/): boolean {
    const texts =
      this.#looseOf.get(table) ??
      this.#loose.filter(({ text, isAnyTable }) => isAnyTable || hasWord(text, table))
    this.#looseOf.set(table, texts)
    return texts.some(({ text }) => words.every((word) => hasWord(text, word)) && also.test(text))
  }

  #isInCode(table: string, column: string): boolean {
    const forms = [table, table.replace(/s$/, ''), table.replace(/ies$/, 'y'), table.replace(/^.*_/, '')]
    const names = forms.map(plainWord)
    return this.#estate.services.orm.some(
      (words) => words.has(plainWord(column)) && names.some((name) => words.has(name)),
    )
  }

  /** Whether any statement has the constraint's name in it. */
  #isNamed(constraint: string): boolean {
    return this.#estate.files.some(({ statements }) =>
      statements.some(({ text }) => hasWord(text.toLowerCase(), constraint)),
    )
  }
}

/** Each file with statements of its own that make or change tables, as a source of SQL. */
function sourcesOf(statements: ServiceStatement[]) {
  const making = statements.filter(({ facts }) => facts.length > 0)
  return [...Map.groupBy(making, ({ file }) => file)]
    .toSorted(([a], [b]) => byCodePoint(a, b))
    .map(([path, all]) => ({
      name: path,
      kind: 'script' as const,
      numbers: new Map<string, string>(),
      files: [{ ...NO_FILE, path, statements: all.map(asSql) }],
    }))
}

const NO_FILE: Omit<EstateFile, 'path' | 'statements'> = {
  encoding: 'utf-8',
  dialect: 'postgresql',
  role: 'schema',
  isSnapshot: false,
  includes: [],
  connects: [],
  tool: null,
  bytes: 0,
  hash: '',
}

const asSql = ({ file, line, text, facts }: ServiceStatement): SqlStatement => ({
  file,
  line,
  text,
  runnable: text,
  facts,
  error: null,
  isTooLong: false,
  templates: [],
})

const CHANGES = /^(?:create|alter)\b/i
const ANY_TABLE = /\btable\b(?:\s+(?:if\s+(?:not\s+)?exists|only))?\s*(?:%|'|\|\||$)/i
/** A longer text is data. */
const LONGEST = 1024 * 1024

function looseIn({ role, dialect, statements }: EstateFile): Loose[] {
  if (role !== 'schema') return []
  return statements.flatMap(({ text, facts, error, isTooLong }) => {
    if (error !== null || isTooLong || dialect !== 'postgresql') {
      return CHANGES.test(text) && text.length < LONGEST
        ? [{ text: text.toLowerCase(), isAnyTable: false }]
        : []
    }
    const bodies = facts.flatMap((fact) => (fact.fact === 'do' || fact.fact === 'function' ? fact.body : []))
    return bodies
      .filter(
        (body) =>
          body.length < LONGEST && /\b(?:create|alter)\b/i.test(body) && /\b(?:table|view)\b/i.test(body),
      )
      .map((body) => ({ text: body.toLowerCase(), isAnyTable: ANY_TABLE.test(body) }))
  })
}

/** Whether a text in lower case has the word in it. */
function hasWord(text: string, word: string): boolean {
  const folded = word.toLowerCase()
  for (let at = text.indexOf(folded); at >= 0; at = text.indexOf(folded, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + folded.length] ?? ' ')) return true
  }
  return false
}
