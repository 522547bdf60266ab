import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decode } from './decode.ts'
import { dialectOf, foreignIn } from './dialect.ts'
import { maskSql } from './mask.ts'
import { withoutDown } from './sections.ts'
import { splitSql } from './split.ts'
import type { Piece } from './statement.ts'

const FILES = [
  `-- +goose Up
create table if not exists notes (id uuid primary key default gen_random_uuid(), body text default 'it''s; so');
create function f() returns trigger language plpgsql as $body$ begin new.body := $$a;b$$; return new; end $body$;
create function g() returns int begin atomic select case when true then 1 end; select 2; end;
create rule r as on insert to notes do also (insert into log values (';'); select 1);
/* a /* nested ; */ comment */ select E'a\\'b', U&'\\0061', "qu""oted", a[1:2], b::text, :var, :'str' \\gexec
copy notes (id, body) from stdin;
1\tit's
\\N\t;
\\.
-- +goose Down
drop table notes;
`,
  `DELIMITER $$
CREATE PROCEDURE \`p\`() BEGIN IF 1 THEN SELECT 'it\\'s'; END IF; END$$
DELIMITER ;
/*!40101 SET NAMES utf8 */;
# comment with 'quote
INSERT INTO \`t\` VALUES (1,'a\\\\','b"c'),(2,NULL,"d'e");
`,
  `CREATE TABLE [dbo].[it's] ([id] INT IDENTITY(1,1))
GO
create or replace procedure q is v number; begin select 1 into v from dual; end q;
/
PRAGMA foreign_keys = on;
CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = datetime('now'); END;
`,
  `{% if x %}
create table {{ schema }}.a_\${env} (b int, c text default '%(d)s');
{% endif %}
insert into a values (%s, %(name)s, @tok@, $1, <%= erb %>, #{ruby}, {cs});
\\if :x
\\i other.sql
\\else
\\copy a from 'x' csv
\\endif
`,
]
const SCRAPS = [
  "'", "''", "E'", '"', '`', '$', '$$', '$a$', '/*', '*/', '--', '(', ')', '[', ']', ';', '\\', '\\.', '\n', '\r',
  '{{', '}}', '{%', '%}', ':', '::', '<%=', '%(', '@a', '#{', 'begin atomic ', 'end ', 'case ', 'GO\n', '/\n', '\0',
  'DELIMITER //\n', 'create rule ', 'create procedure p as x ', 'copy a from stdin;\n', '\ncreate table ', '\uFEFF', 'é',
] // prettier-ignore

const at = fc.double({ min: 0, max: 1, noNaN: true })
const mutation = fc.oneof(
  fc.tuple(fc.constant('cut' as const), at, at),
  fc.tuple(fc.constant('end' as const), at, at),
  fc.tuple(fc.constant('copy' as const), at, at),
  fc.tuple(fc.constant('insert' as const), at, fc.constantFrom(...SCRAPS)),
  fc.tuple(fc.constant('nest' as const), at, fc.constantFrom(...SCRAPS)),
  fc.tuple(fc.constant('bytes' as const), at, fc.uint8Array({ maxLength: 12 })),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Buffer, [how, where, what]: Mutation): Buffer {
  const place = Math.floor(where * bytes.length)
  const before = bytes.subarray(0, place)
  const after = bytes.subarray(place)
  const other = typeof what === 'number' ? Math.floor(what * after.length) : 0
  if (how === 'end') return before
  if (how === 'cut') return Buffer.concat([before, after.subarray(other)])
  if (how === 'copy') return Buffer.concat([before, after.subarray(0, other), before.subarray(-200), after])
  const inserted =
    typeof what === 'string'
      ? Buffer.from(how === 'nest' ? what.repeat(300) : what)
      : Buffer.from(what as Uint8Array)
  return Buffer.concat([before, inserted, after])
}

const mutated = fc
  .tuple(
    fc.constantFrom(...FILES),
    fc.array(mutation, { maxLength: 6 }),
    fc.constantFrom('utf8' as const, 'utf8' as const, 'utf16le' as const, 'latin1' as const),
  )
  .map(([file, mutations, encoding]) => mutations.reduce(mutate, Buffer.from(file, encoding)))

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
