import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { mutated, SCRAPS } from '../../../../test/estate/mutated-files.ts'
import { decode } from './decode.ts'
import { dialectOf, foreignIn } from './dialect.ts'
import { maskSql } from './mask.ts'
import { withoutDown } from './sections.ts'
import { splitSql } from './split.ts'
import type { Piece } from './statement.ts'

/** What may stand between pieces: blanks, comments, what ends statements, and what controls a template. */
function isNothing(gap: string, delimiters: string[]): boolean {
  let rest = gap
  for (;;) {
    rest = rest.replace(/^(?:[\s\0;]|\\;|\\\.|--[^\r\n]*|#[^\r\n]*)+/, '')
    const delimiter = delimiters.find((text) => rest.startsWith(text))
    const control = /^(?:\{%[^]*?%\}|\{#[^]*?#\}|\{\{[^]*?\}\}|<%[^]*?%>)/.exec(rest)?.[0]
    if (rest === '') return true
    if (delimiter) rest = rest.slice(delimiter.length)
    else if (control) rest = rest.slice(control.length)
    else if (rest.startsWith('/*')) rest = afterComment(rest)
    else return false
  }
}

function afterComment(text: string): string {
  let depth = 0
  for (const mark of text.matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return text.slice(mark.index + 2)
  }
  return `unclosed ${text}`
}

function checkPieces(text: string, pieces: Piece[]): void {
  const delimiters = pieces.flatMap((piece) => /^delimiter\s+(\S+)$/i.exec(piece.text)?.[1] ?? [])
  let end = 0
  for (const piece of pieces) {
    if (!isNothing(text.slice(end, piece.start), delimiters))
      expect.fail(`left out: ${text.slice(end, piece.start)}`)
    expect(text.slice(piece.start, piece.start + piece.text.length)).toBe(piece.text)
    if (piece.kind === 'sql') expect(piece.parsable).toHaveLength(piece.text.length)
    end = piece.start + piece.text.length
  }
  if (!isNothing(text.slice(end), delimiters)) expect.fail(`left out: ${text.slice(end)}`)
}

describe('any file at all', () => {
  it('is decoded and cut, and nothing of it but spaces and comments is left out', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const { text } = decode(bytes)
        checkPieces(text, splitSql(text))
      }),
      { numRuns: 10_000 },
    )
  })

  it('can be looked at for its dialect and its parts without lines moving', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const { text } = decode(bytes)
        expect(maskSql(text)).toHaveLength(text.length)
        expect(withoutDown(text).text).toHaveLength(text.length)
        expect(dialectOf(text).evidence.length).toBeLessThanOrEqual(foreignIn(text).length)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(SCRAPS)('is cut in linear time when it is nothing but %j a million times over', (scrap) => {
    for (const sql of [
      scrap.repeat(1e6 / scrap.length),
      `create table a (b int);\nselect ${`${scrap} `.repeat(200_000)}`,
    ]) {
      const pieces = splitSql(sql)
      expect(pieces.every((piece) => sql.startsWith(piece.text, piece.start))).toBe(true)
      maskSql(sql)
    }
  })

  it('may be one line of 50 MB, with an end or without', () => {
    const row = "(1, 'it''s; a row', $$b$$, E'\\n'),"
    const line = `insert into a values ${row.repeat(Math.ceil(50e6 / row.length))} (1);`
    expect(splitSql(line)).toHaveLength(1)
    expect(splitSql(`${line.slice(0, 50e6)} 'open`)[0]).toMatchObject({ isUnfinished: true, line: 1 })
  })

  it('keeps the statements around a damaged one whole, nearly always', () => {
    const statements = [
      "create table a (id int, note text default 'x;y')",
      "insert into a values (1, 'it''s'), (2, 'b')",
      "create function f() returns trigger language plpgsql as $$\nbegin\n  new.x := 'a';\n  return new;\nend $$",
      'create function g() returns int begin atomic\n select case when true then 1 end;\n select 2;\nend',
      'create table "odd name" (id int)',
      'do $body$\nbegin\n  perform 1;\nend\n$body$',
      "insert into a values (3, E'it\\'s')",
      'create rule r as on insert to a do also (\n insert into b values (1);\n select 1)',
      "comment on table a is 'what; it is'",
      'select 1',
    ]
    let state = 1
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
      return Math.floor((state / 0x80000000) * below)
    }
    let harmed = 0
    for (let run = 0; run < 3000; run++) {
      const list = Array.from({ length: 12 }, () => statements[random(statements.length)]!)
      const at = random(list.length)
      const from = random(list[at]!.length)
      const damaged = list[at]!.slice(0, from) + list[at]!.slice(from + 1 + random(run % 2 === 0 ? 1 : 20))
      const sql = `${list.with(at, damaged).join(';\n')};\n`
      const found = splitSql(sql).map((piece) => piece.text)
      const others = list.toSpliced(at, 1)
      if (others.some((text) => count(found, text) < count(others, text))) harmed++
    }
    expect(harmed).toBeLessThan(3000 * 0.03)
  })
})

const count = (texts: string[], text: string): number => texts.filter((other) => other === text).length
