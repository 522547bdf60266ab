import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'

import { factsOfColumn, type ColumnFacts } from '../../src/db/column-facts.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { oldColumns } from './old-columns.ts'

type OldColumn = { file: string; table: string; name: string; type: string; place: string }

const columns: OldColumn[] = Object.entries(oldColumns).flatMap(([file, tables]) =>
  Object.entries(tables).flatMap(([table, places]) =>
    Object.entries(places).map(([key, place]) => {
      const [name = '', ...type] = key.split(' ')
      return { file, table, name, type: type.join(' '), place }
    }),
  ),
)
const operations = new Map(
  modules.flatMap((module) => module.operations).map((operation) => [operation.id, operation]),
)

const DIRECT = /^([a-z_]+\.[a-z_]+)( \(.+\))?$/
const WORKED_OUT = /^(?:view|derived): ([a-z_]+\.[a-z_]+)( \(.+\))?$/
const SHOWN = /^derived: ([a-z_]+(?:\.[a-z_]+){2}) ([a-zA-Z]+)( \(.+\))?$/
const DROPPED = /^dropped: .{10,}$/

/** Why there is no such place; null where there is. */
function problemOf({ place }: OldColumn, here: Map<string, string>): string | null {
  const [, operation, field] = SHOWN.exec(place) ?? []
  if (operation !== undefined && field !== undefined) {
    const output = operations.get(operation)?.output as z.ZodObject | undefined
    return output?.shape[field] ? null : `${operation} shows no ${field}`
  }
  if (DROPPED.test(place)) return null
  const [, column] = DIRECT.exec(place) ?? WORKED_OUT.exec(place) ?? []
  if (column === undefined) return `not understood: ${place}`
  const kind = here.get(column)
  if (kind === undefined) return `there is no ${column}`
  return place.startsWith('view: ') === (kind === 'v') || place.startsWith('derived: ')
    ? null
    : `${column} is no ${kind === 'v' ? 'table' : 'view'}`
}

/** Types of here that hold every value of an old type. */
const HOLDING: [RegExp, string[]][] = [
  [/^(text|varchar\(\d+\)|inet)$/, ['text']],
  [/^integer$/, ['integer', 'bigint', 'double precision']],
  [/^bigint$/, ['bigint', 'double precision']],
  [/^(numeric(\(\d+,\d+\))?|real|double precision)$/, ['double precision']],
  [/^timestamp(tz)?$/, ['timestamp with time zone']],
  [/^date$/, ['date']],
  [/^boolean$/, ['boolean']],
  [/^jsonb$/, ['jsonb']],
  [/^uuid$/, ['uuid']],
  [/^text\[\]$/, ['text[]']],
  [/^uuid\[\]$/, ['uuid[]']],
]

/** Why a column does not hold every value of an old one as it is; null where it does. */
function misfitOf(type: string, facts: ColumnFacts): string | null {
  const [, holding = []] = HOLDING.find(([old]) => old.test(type)) ?? []
  if (!holding.includes(facts.type)) return `${facts.type} does not hold ${type}`
  if (facts.values) return 'it takes words of a list'
  const longest = Number(/^varchar\((\d+)\)$/.exec(type)?.[1] ?? 0)
  if (facts.max !== undefined && facts.type === 'text' && facts.max < longest) {
    return `${facts.max} characters do not hold ${longest}`
  }
  return null
}

eachBackend((backend) => {
  let test: TestDatabase
  let here: Map<string, string>
  beforeAll(async () => {
    test = await testDatabase(backend)
    const rows = await test.query<{ name: string; kind: string }>(
      `select c.relname || '.' || a.attname as name, c.relkind::text as kind
       from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'v') and n.nspname = any($1)`,
      [modules.map((module) => module.name)],
    )
    here = new Map(rows.map(({ name, kind }) => [name, kind]))
  })
  afterAll(() => test.drop())

  describe.each(Object.keys(oldColumns))('%s', (file) => {
    it('has a place here for every column', () => {
      const problems = columns
        .filter((column) => column.file === file)
        .map((column) => [`${column.table}.${column.name}`, problemOf(column, here)])
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.filter(([, problem]) => problem !== null)).toEqual([])
    })
  })
})

describe('the list of old columns', () => {
  it('names each column of a table once', () => {
    const names = columns.map(({ file, table, name }) => `${file} ${table}.${name}`)
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([])
    expect(names.length).toBe(1_689)
  })

  it('says how a value is converted where the column here does not hold it as it is', () => {
    const unlike = columns.flatMap(({ table, name, type, place }) => {
      const [, column, note] = DIRECT.exec(place) ?? []
      if (column === undefined || note !== undefined) return []
      const [there = '', of = ''] = column.split('.')
      const misfit = misfitOf(type, factsOfColumn(there, of))
      return misfit === null ? [] : [`${table}.${name} -> ${column}: ${misfit}`]
    })
    expect(unlike).toEqual([])
  })
})
