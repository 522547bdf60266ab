import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { findSqlError, SQLSTATE, violates } from '../../src/db/sql-error.ts'
import { eachBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await testDatabase(backend)
    await test.query(`create table public.parents (id integer constraint parents_pkey primary key)`)
    await test.query(
      `create table public.children (
         id integer constraint children_pkey primary key,
         parent_id integer constraint children_parent_id_fkey references public.parents,
         name text not null constraint children_name_check check (name <> 'bad'))`,
    )
    await test.query('grant all on public.children to robbieverse_app')
    await test.query(`insert into public.children values (1, null, 'one')`)
  })
  afterAll(() => test.drop())

  const failures = [
    {
      what: 'a double key',
      sql: `insert into public.children values (1, null, 'x')`,
      code: '23505',
      constraint: 'children_pkey',
    },
    {
      what: 'a missing parent',
      sql: `insert into public.children values (2, 9, 'x')`,
      code: '23503',
      constraint: 'children_parent_id_fkey',
    },
    {
      what: 'a failed check',
      sql: `insert into public.children values (2, null, 'bad')`,
      code: '23514',
      constraint: 'children_name_check',
    },
    {
      what: 'a null where none may be',
      sql: `insert into public.children values (2, null, null)`,
      code: '23502',
      constraint: null,
    },
    { what: 'an unknown table', sql: 'select * from nowhere', code: '42P01', constraint: null },
    { what: 'an unknown schema', sql: 'create table nowhere.x ()', code: '3F000', constraint: null },
    { what: 'bad syntax', sql: 'selec 1', code: '42601', constraint: null },
    { what: 'a number out of range', sql: 'select 1 / 0', code: '22012', constraint: null },
    { what: 'text that is no uuid', sql: `select 'x'::uuid`, code: '22P02', constraint: null },
    {
      what: 'a table that is granted to nobody',
      sql: 'select * from identity.api_keys',
      code: '42501',
      constraint: null,
    },
    {
      what: 'an error that a function raises with a constraint',
      sql: `do $$ begin raise exception 'no' using errcode = '23505', constraint = 'of_its_own'; end $$`,
      code: '23505',
      constraint: 'of_its_own',
    },
  ]

  it.each(failures)(
    '$what is known by its SQLSTATE and constraint',
    async ({ sql: text, code, constraint }) => {
      const error: unknown = await test.database
        .transaction('write', (tx) => sql.raw(text).execute(tx))
        .then(
          () => null,
          (thrown: unknown) => thrown,
        )
      expect(findSqlError(error)).toMatchObject({ code, constraint })
      if (constraint !== null) expect(violates(error, constraint)).toBe(true)
      expect(violates(error, 'another_constraint')).toBe(false)
    },
  )

  it('finds the database error among the causes of another one', () => {
    const original = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'x_key',
      table: 'x',
    })
    const wrapped = new Error('outer', { cause: new Error('middle', { cause: original }) })
    expect(findSqlError(wrapped)).toEqual({
      code: SQLSTATE.uniqueViolation,
      constraint: 'x_key',
      table: 'x',
      routine: null,
      message: 'duplicate key',
    })
    expect(findSqlError(Object.assign(new Error('network'), { code: 'ECONNREFUSED' }))).toBeUndefined()
    expect(findSqlError('text')).toBeUndefined()
  })

  it('leaves the connection usable after an error', async () => {
    await expect(test.query('selec 1')).rejects.toThrow(/syntax/)
    expect(await test.query('select 1 as one')).toEqual([{ one: 1 }])
  })
})
