import type { EstateFile } from './estate-file.ts'
import { handleFact, type FactHandlers } from './fact-handlers.ts'
import type { Fact, KeyFact, Name, TableChange } from './facts.ts'

/** What a file makes: `table x`, `function f`, `type t`. Names without their schema, since files of one folder share it. */
export function definedIn(file: EstateFile): Set<string> {
  return new Set(factsOf(file).flatMap(madeBy))
}

/** What statements of a file name that has to be there before them. */
export function neededBy(file: EstateFile): Set<string> {
  return new Set(factsOf(file).flatMap(wantedBy))
}

const factsOf = (file: EstateFile) => file.statements.flatMap(({ facts }) => facts)
const table = ({ name }: Name) => `table ${name}`

const madeBy = (fact: Fact) => handleFact(MADE, fact) ?? []
const wantedBy = (fact: Fact) => handleFact(WANTED, fact) ?? []

const MADE: FactHandlers<string[]> = {
  table: ({ name, isTemporary }) => (isTemporary ? [] : [table(name)]),
  view: ({ name }) => [table(name)],
  function: ({ name }) => [`function ${name.name}`],
  type: ({ name }) => [`type ${name.name}`],
}

const WANTED: FactHandlers<string[]> = {
  table: ({ takesFrom, reads, keys, columns }) => [
    ...takesFrom.map(table),
    ...reads.map(table),
    ...referred(keys),
    ...columns.map(({ type }) => `type ${type.replace(/^.*\./, '').replace(/[[(].*$/, '')}`),
  ],
  'alter-table': ({ name, changes }) => [
    table(name),
    ...changes.flatMap((change) => referred(keysOf(change))),
  ],
  index: (fact) => [table(fact.table)],
  policy: (fact) => [table(fact.table)],
  trigger: (fact) => [table(fact.table), `function ${fact.function.name}`],
  view: ({ reads }) => reads.map(table),
  query: ({ uses }) => uses.map((use) => table(use.table)),
  comment: ({ kind, name }) => (kind === 'table' ? [table(name)] : []),
}

const referred = (keys: KeyFact[]) =>
  keys.flatMap((key) => (key.references ? table(key.references.table) : []))

/** The keys that a change of a table adds to it. */
export function keysOf(change: TableChange): KeyFact[] {
  if (change.do === 'add-key') return [change.key]
  return change.do === 'add-column' ? change.keys : []
}
