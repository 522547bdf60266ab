import { foreignIn } from '../inventory/dialect.ts'
import type { Name } from '../inventory/facts.ts'
import { objectOf } from '../inventory/statement-object.ts'
import type { SqlStatement } from '../inventory/statement.ts'
import { bareName, madeBy } from './names.ts'
import type { SqlFailure, Wanted } from './sql-failure.ts'

/**
 * What failures say nothing of the estate: those of statements that could not be tried here in full, or that change tables
 * which are here only in a likeness of what another source makes.
 */
export class Unjudged {
  readonly #lost = new Set<string>()
  readonly #standIns = new Set<string>()

  /** What the statement would have made is not there, through no fault of it. */
  lose(statement: SqlStatement): void {
    for (const name of statement.facts.flatMap(madeBy)) this.#lost.add(name)
    if (statement.facts.length > 0 || !/^create\b/i.test(statement.text)) return
    const { kind, name } = objectOf({ ...statement, text: statement.runnable })
    this.#lost.add(`${kind === 'view' ? 'table' : kind} ${name}`)
  }

  /** `schema.name` or a bare name of a table that stands here for the real one. */
  standIn(name: string): void {
    this.#standIns.add(bareName(name))
  }

  /** Whether the failure tells nothing. */
  covers(statement: SqlStatement, failure: SqlFailure, wanted: Wanted | null): boolean {
    return (
      (wanted !== null && this.#isLost(wanted)) ||
      isOfTemplate(statement, failure, wanted) ||
      this.#isOfStandIn(statement, failure, wanted)
    )
  }

  #isLost(wanted: Wanted): boolean {
    if (wanted.kind === 'key' || wanted.kind === 'taken') return false
    if (wanted.kind === 'column') {
      return wanted.table !== null && this.#lost.has(`column ${bareName(wanted.table)}.${wanted.name}`)
    }
    const name = bareName(wanted.name)
    // A row of a table is a type, and so is that of a view.
    return [wanted.kind === 'relation' ? 'table' : wanted.kind, 'table'].some((kind) =>
      this.#lost.has(`${kind} ${name}`),
    )
  }

  /** A likeness has the columns and keys of the end, and other names of constraints. */
  #isOfStandIn(statement: SqlStatement, { code }: SqlFailure, wanted: Wanted | null): boolean {
    if (this.#standIns.size === 0) return false
    const isState = wanted ? wanted.kind === 'column' || wanted.kind === 'taken' : STATES.has(code)
    return isState && namesIn(statement).some((name) => this.#standIns.has(name))
  }
}

/** Undefined or doubled constraints, columns and keys. */
const STATES = new Set([
  '42704',
  '42701',
  '42703',
  '42P16',
  '42P10',
  '42710',
  '42P07',
  '42804',
  '2BP01',
  '23502',
])

function namesIn(statement: SqlStatement): string[] {
  const read = (names: Name[]) => names.map(({ name }) => name)
  const others = statement.facts.flatMap((fact) => {
    if (fact.fact === 'view' || fact.fact === 'table') return read(fact.reads)
    if (fact.fact === 'drop') return fact.names.flatMap(({ schema, name }) => [schema ?? name, name])
    return fact.fact === 'query' ? fact.uses.map(({ table }) => table.name) : []
  })
  return [objectOf(statement).name, ...others]
}

/** What a program would put in the place of a token, in quoted bodies too, is not known. */
const TOKEN = /(?<![:\w]):[A-Z][A-Z0-9_]{2,}\b|@[A-Za-z_]{3,}@|\{\{|\$\{|<%|\bMODULE_PATHNAME\b/

function isOfTemplate(
  statement: SqlStatement,
  { code, message }: SqlFailure,
  wanted: Wanted | null,
): boolean {
  const { templates, text } = statement
  if (templates.length === 0 && !TOKEN.test(text)) return false
  if (foreignIn(text).length > 0) return false
  if (wanted === null) return code !== '42601' || TOKEN.test(text) || /at or near "[:@{$%<]/.test(message)
  if (!('name' in wanted)) return false
  // What is named otherwise in the text was put there in the place of a token, or has one in it.
  const name = bareName(wanted.name).toLowerCase()
  return /[@{}$<>%]/.test(wanted.name) || !text.toLowerCase().includes(name)
}
