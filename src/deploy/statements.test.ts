import { describe, expect, it } from 'vitest'

import { readStatements } from './parser.ts'

const sqlOf = async (text: string) => (await readStatements(text)).map(({ sql, line }) => ({ sql, line }))

describe('a SQL file', () => {
  it('is cut into statements, each with its line', async () => {
    const text = `-- A head; with a semicolon.\nselect 1;\n\n  select ';' as a,\n  2;\n/* and; */ select 3`
    expect(await sqlOf(text)).toEqual([
      { sql: 'select 1', line: 2 },
      { sql: `select ';' as a,\n  2`, line: 4 },
      { sql: 'select 3', line: 6 },
    ])
  })

  it('may hold semicolons in dollar quotes and in function bodies', async () => {
    const body = `create function f() returns void language plpgsql as $x$ begin perform 1; end; $x$`
    expect(await sqlOf(`${body};\nselect $$;$$`)).toEqual([
      { sql: body, line: 1 },
      { sql: 'select $$;$$', line: 2 },
    ])
  })

  it('is counted in bytes where letters take several', async () => {
    expect(await sqlOf(`select 'ä€🙂';\nselect 'é';\n`)).toEqual([
      { sql: `select 'ä€🙂'`, line: 1 },
      { sql: `select 'é'`, line: 2 },
    ])
  })

  it('may have CRLF line ends, a last line without one, or nothing in it', async () => {
    expect((await sqlOf('select 1;\r\n\r\nselect 2')).map((item) => item.line)).toEqual([1, 3])
    expect(await sqlOf('')).toEqual([])
    expect(await sqlOf('-- nothing here\n')).toEqual([])
  })

  it('that is no SQL is refused with the words of the server', async () => {
    await expect(readStatements('creat table x ()')).rejects.toThrow(/syntax error at or near "creat"/)
  })
})

describe('a statement that no server of the tests can be asked about', () => {
  const hazardsOf = async (text: string) => (await readStatements(text))[0]!.hazards

  it.each([
    ['alter table a.b add column c integer generated always as (1) virtual', []],
    [
      'alter table a.b add column c integer generated always as (1) stored',
      ['blocks-reads-and-writes', 'rewrites-table'],
    ],
    ['alter table a.b set access method other', ['blocks-reads-and-writes', 'rewrites-table']],
    ['alter table a.b set schema c', ['renames']],
    [`do $$ begin execute 'drop table a.b'; end $$`, ['unknown']],
    ['alter schema a rename to b', ['renames']],
    ['alter system set work_mem = 1', ['unknown']],
    ['begin', ['unknown']],
  ])('is told by what it is: %s', async (text, hazards) => {
    expect(await hazardsOf(text)).toEqual(hazards)
  })
})

describe('a relation', () => {
  it('is named as the server would be asked for it', async () => {
    const [odd] = await readStatements('drop table "My.Schema"."It""s"')
    expect(odd!.locks).toEqual([{ relation: '"My.Schema"."It""s"', mode: 'ACCESS EXCLUSIVE' }])
  })
})
