import type { KyselyPlugin } from 'kysely'

import type { Database } from '../../src/db/database.ts'
import type { Tx } from '../../src/db/tx.ts'
import type { TestDatabase } from './test-database.ts'

/** What transactions asked the database since it was last looked at. */
export type Watched = {
  test: TestDatabase
  /** How many statements, and the names of the columns they answered with; both begin anew after it. */
  take(): { count: number; columns: Set<string> }
}

/** The same database, with the statements of its transactions watched. */
export function watchStatements(test: TestDatabase): Watched {
  let count = 0
  let columns = new Set<string>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1
      return node
    },
    transformResult: async ({ result }) => {
      for (const row of result.rows) for (const name of Object.keys(row)) columns.add(name)
      return result
    },
  }
  const transaction: Database['transaction'] = (mode, work, ...more) =>
    test.database.transaction(mode, (tx) => work(tx.withPlugin(plugin) as Tx), ...more)
  const database = new Proxy(test.database, {
    get: (target, name) => {
      if (name === 'transaction') return transaction
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    test: { ...test, database },
    take: () => {
      const taken = { count, columns }
      count = 0
      columns = new Set()
      return taken
    },
  }
}
