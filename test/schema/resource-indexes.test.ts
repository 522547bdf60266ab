import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { factsOfColumn } from '../../src/db/column-facts.ts'
import { eachBackend } from '../support/backends.ts'
import { resources } from '../support/resource-maker.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

type Index = { table: string; method: string; columns: string[] }

eachBackend((backend) => {
  let test: TestDatabase
  let indexes: Index[]
  beforeAll(async () => {
    test = await testDatabase(backend)
    indexes = await test.query<Index>(
      `select c.relname as table, m.amname as method,
         array(select pg_get_indexdef(i.indexrelid, n, false) from generate_series(1, i.indnkeyatts) n) as columns
       from pg_index i
       join pg_class c on c.oid = i.indrelid
       join pg_class x on x.oid = i.indexrelid
       join pg_am m on m.oid = x.relam
       join pg_namespace s on s.oid = c.relnamespace
       where i.indpred is null and s.nspname not in ('pg_catalog', 'pg_toast')`,
    )
  })
  afterAll(() => test.drop())

  /** Whether some index of the table leads from the town to these columns. */
  const leads = (table: string, ...columns: string[]) =>
    indexes.some(
      (index) =>
        index.table === table &&
        index.method === 'btree' &&
        ['town_id', ...columns].every((name, n) => index.columns[n] === name),
    )

  describe('a list', () => {
    it('is narrowed along an index, whatever it is narrowed by', () => {
      const missing = resources.flatMap(({ id, table, filters }) =>
        filters
          .filter((column) => {
            if (!factsOfColumn(table, column).type.endsWith('[]')) return !leads(table, column)
            return !indexes.some((index) => index.table === table && index.columns.includes(column))
          })
          .map((column) => `${id} ${column}`),
      )
      expect(missing).toEqual([])
    })

    it('is sorted along an index, whatever it is sorted by', () => {
      const missing = resources.flatMap(({ id, table, sorts }) =>
        sorts
          .map((sort) => sort.replace(/^-/, ''))
          .filter((column) => !leads(table, column, 'id'))
          .map((column) => `${id} ${column}`),
      )
      expect(missing).toEqual([])
    })
  })
})
