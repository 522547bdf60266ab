import type { EstateFile } from './estate-file.ts'
import type { Fact, Name } from './facts.ts'

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

function madeBy(fact: Fact): string[] {
  switch (fact.fact) {
    case 'table':
      return fact.isTemporary ? [] : [table(fact.name)]
    case 'view':
      return [table(fact.name)]
    case 'function':
      return [`function ${fact.name.name}`]
    case 'type':
      return [`type ${fact.name.name}`]
    default:
      return []
  }
}

function wantedBy(fact: Fact): string[] {
  switch (fact.fact) {
    case 'table':
      return [
        ...fact.takesFrom.map(table),
        ...fact.reads.map(table),
        ...fact.keys.flatMap((key) => (key.references ? table(key.references.table) : [])),
        ...fact.columns.map(({ type }) => `type ${type.replace(/^.*\./, '').replace(/[[(].*$/, '')}`),
      ]
    case 'alter-table':
      return [
        table(fact.name),
        ...fact.changes.flatMap((change) => {
          const keys = change.do === 'add-key' ? [change.key] : change.do === 'add-column' ? change.keys : []
          return keys.flatMap((key) => (key.references ? table(key.references.table) : []))
        }),
      ]
    case 'index':
    case 'policy':
      return [table(fact.table)]
    case 'trigger':
      return [table(fact.table), `function ${fact.function.name}`]
    case 'view':
      return fact.reads.map(table)
    case 'query':
      return fact.uses.map((use) => table(use.table))
    case 'comment':
      return fact.kind === 'table' ? [table(fact.name)] : []
    default:
      return []
  }
}
