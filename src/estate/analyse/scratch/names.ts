import type { Fact } from '../inventory/facts.ts'
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
    return this.#makers.get(`${kind} ${bare(name)}`)
  }

  findColumn(table: string, column: string): Item | undefined {
    return this.#makers.get(`column ${bare(table)}.${column}`)
  }
}

const bare = (name: string) => name.split('.').at(-1)!

function madeBy(fact: Fact): string[] {
  switch (fact.fact) {
    case 'table':
    case 'view':
      return [`table ${fact.name.name}`]
    case 'sequence':
      return [`table ${fact.name.name}`]
    case 'index':
      return fact.name === null ? [] : [`table ${fact.name}`]
    case 'function':
      return [`function ${fact.name.name}`]
    case 'type':
      return [`type ${fact.name.name}`]
    case 'schema':
      return [`schema ${fact.name}`]
    case 'alter-table':
      return fact.changes.flatMap((change) =>
        change.do === 'add-column'
          ? [`column ${fact.name.name}.${change.column.name}`]
          : change.do === 'rename-column'
            ? [`column ${fact.name.name}.${change.to}`]
            : change.do === 'rename'
              ? [`table ${change.to}`]
              : [],
      )
    default:
      return []
  }
}
