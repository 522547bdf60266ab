import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ParsableText, Parsed } from './parse-pieces.ts'
import { TOGETHER } from './parse-protocol.ts'
import { Parser } from './parser.ts'

let parser: Parser

beforeAll(() => {
  parser = new Parser()
})
afterAll(() => parser.close())

const text = (parsable: string, line = 1): ParsableText => ({ parsable, line })
/** The thread reads marks before it parses, and ends for those that are none. */
const fatal = (line: number): ParsableText => ({ ...text("select 'ä'", line), marks: {} as never })
const table = (name: string) => text(`create table ${name} (a integer)`)

const said = ({ statements, error }: Parsed): string =>
  error?.message ??
  statements
    .flatMap(({ facts }) => facts.map((fact) => (fact.fact === 'table' ? fact.name.name : fact.fact)))
    .join(' ')

describe('the parser', () => {
  it('answers each text in its order, with its lines', async () => {
    const count = TOGETHER * 3 + 1
    const names = Array.from({ length: count }, (_, at) => `t${at}`)
    const parsed = await parser.parse(names.map(table))
    expect(parsed.map(said)).toEqual(names)
    expect(await parser.parse([])).toEqual([])
  })

  it('says what is wrong with a text, and at which line of its file', async () => {
    const [first, second, third] = await parser.parse([
      table('a'),
      text('select 1,\n  from from', 7),
      text('', 9),
    ])
    expect(said(first!)).toBe('a')
    expect(second).toEqual({
      statements: [],
      error: { message: 'syntax error at or near "from"', line: 8 },
    })
    expect(third).toEqual({ statements: [], error: null })
  })

  it('blames a text that ends the thread, and no other', async () => {
    const texts = [table('a'), fatal(3), table('b'), fatal(5), table('c'), table('d')]
    const parsed = await parser.parse(texts)
    expect(parsed.map(({ error }) => error?.line ?? null)).toEqual([null, 3, null, 5, null, null])
    expect(parsed.map(said).filter((_, at) => at !== 1 && at !== 3)).toEqual(['a', 'b', 'c', 'd'])
    expect(said(parsed[1]!)).toMatch(/^the parser ended/)
    expect((await parser.parse([table('e')])).map(said)).toEqual(['e'])
  })

  it('survives texts that are nested deeper than any stack, and long ones', async () => {
    const deep = text(`select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, 2)
    const chain = text(`select ${'1+'.repeat(100_000)}1`, 3)
    const long = text(`insert into t values ${'(1), '.repeat(60_000)}(1)`, 4)
    const parsed = await parser.parse([table('a'), deep, table('b'), chain, long, table('c')])
    expect(parsed.map(({ error }) => error?.line ?? null)).toEqual([null, 2, null, 3, null, null])
    expect([0, 2, 4, 5].map((at) => said(parsed[at]!))).toEqual(['a', 'b', 'query', 'c'])
  })
})
