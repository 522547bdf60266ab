import { handleFact, type FactHandlers } from '../inventory/fact-handlers.ts'
import type { Fact, TableChange } from '../inventory/facts.ts'
import type { SqlStatement } from '../inventory/statement.ts'

/** What failed statements would have made, by name. */
export class Names<Item extends { statement: SqlStatement }> {
  readonly #makers = new Map<string, Item>()

  constructor(items: Item[]) {
    for (const item of items) {
      for (const name of item.statement.facts.flatMap(madeBy))
        if (!this.#makers.has(name)) this.#makers.set(name, item)
    }
  }

  /** By a name that may carry its schema. */
  find(kind: string, name: string): Item | undefined {
    return this.#makers.get(`${kind} ${bareName(name)}`)
  }

  findColumn(table: string, column: string): Item | undefined {
    return this.#makers.get(`column ${bareName(table)}.${column}`)
  }
}

/** A name without its schema. */
export const bareName = (name: string): string => name.split('.').at(-1)!

/** What a fact makes, each as its kind and bare name. */
export const madeBy = (fact: Fact): string[] => handleFact(MADE, fact) ?? []

const MADE: FactHandlers<string[]> = {
  table: ({ name }) => [`table ${name.name}`],
  view: ({ name }) => [`table ${name.name}`],
  sequence: ({ name }) => [`table ${name.name}`],
  index: ({ name }) => (name === null ? [] : [`table ${name}`]),
  function: ({ name }) => [`function ${name.name}`],
  type: ({ name }) => [`type ${name.name}`],
  schema: ({ name }) => [`schema ${name}`],
  'alter-table': ({ name, changes }) => changes.flatMap((change) => madeByChange(name.name, change)),
}

function madeByChange(table: string, change: TableChange): string[] {
  if (change.do === 'add-column') return [`column ${table}.${change.column.name}`]
  if (change.do === 'rename-column') return [`column ${table}.${change.to}`]
  return change.do === 'rename' ? [`table ${change.to}`] : []
}
