import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'

import { usesOf } from '../inventory/table-uses.ts'
import { lineFinder } from './line-marks.ts'
import { readServiceFile, type ServiceSql } from './service-files.ts'
import { SERVICE_ENDINGS } from './strings.ts'

const golden = join(import.meta.dirname, '../../../../test/golden/analyse/services')
const CASES = readdirSync(golden)

beforeAll(() => loadModule())

/** A statement as the golden files write it, with the tables it uses as lines. */
function summaryOf(sql: ServiceSql) {
  const { line, parsable, holes, parameters } = sql
  const stmts = (parseSync(parsable) as { stmts?: { stmt: unknown }[] }).stmts ?? []
  const uses = stmts.flatMap(({ stmt }) => usesOf(stmt, lineFinder(sql.parsable, sql.lines)))
  return {
    line,
    parsable: parsable.trim().split('\n'),
    holes: holes.map((hole) => `${hole.line}: ${hole.kind} ${hole.source}`),
    parameters,
    uses: uses.map(({ table, how, line, columns, conflict, constraint }) =>
      [
        `${line}: ${how} ${table.schema === null ? '' : `${table.schema}.`}${table.name}`,
        ...columns.map((column) => `${column.name}:${column.line}`),
        ...(conflict ? [`conflict(${conflict.join(', ')})`] : []),
        ...(constraint === null ? [] : [`conflict on ${constraint}`]),
      ].join(' '),
    ),
  }
}

describe('the SQL of a source file', () => {
  it.each(CASES)('is found with its lines, parameters and holes: %s', (name) => {
    const folder = join(golden, name)
    const source = readdirSync(folder).find((file) => file.startsWith('source.'))!
    const text = readFileSync(join(folder, source), 'utf8')
    const found = readServiceFile(source.replace(/\.txt$/, ''), text)
    const expected: unknown = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    expect(found.map(summaryOf)).toEqual(expected)
  })

  it('has the same lines with CRLF', () => {
    for (const name of CASES) {
      const folder = join(golden, name)
      const source = readdirSync(folder).find((file) => file.startsWith('source.'))!
      const path = source.replace(/\.txt$/, '')
      const text = readFileSync(join(folder, source), 'utf8')
      const lines = (source: string) =>
        readServiceFile(path, source).map((sql) => [sql.line, sql.lines.map((mark) => mark.line)])
      expect(lines(text.replaceAll('\n', '\r\n')), name).toEqual(lines(text))
    }
  })

  it('is none in a file of another kind, and in an empty one', () => {
    expect(readServiceFile('a.md', '"select id from notes"')).toEqual([])
    expect(readServiceFile('Makefile', '"select id from notes"')).toEqual([])
    expect(readServiceFile('a.py', '')).toEqual([])
  })
})

const PROSE = [
  'Select a file from the list',
  'Select a file from disk',
  'Select an option',
  'Select all',
  'select one',
  'Select (optional)',
  'Select option(s)',
  'Select name from your contacts',
  'Select {n} items from {place}',
  'select2',
  'Update available',
  'Update the set of rules',
  'update password set by the user',
  'Update set: 5 of 10',
  'Delete from favourites?',
  'Delete from the list',
  'Delete from list where possible',
  'delete from your account.',
  'Insert into document',
  'Insert into page (optional)',
  'Create table',
  'Create table from selection',
  'Create index of words',
  'create user account',
  'Create view',
  'create type definitions',
  'Drop table?',
  'drop table here',
  'Alter table of contents',
  'Truncate text',
  'truncate table names to 63 characters',
  'Copy link to clipboard',
  'copy file from disk to server',
  'With love as (ever)',
  'with care',
  'Grant access on project to user',
  'Revoke all sessions',
  'Set search path',
  'Comment on table reservations',
  'Merge into main',
  'Refresh materialized',
  'Explain this',
]

describe('a sentence', () => {
  it.each(PROSE)('is no SQL: %s', (sentence) => {
    expect(readServiceFile('a.js', `const label = ${JSON.stringify(sentence)} // select`)).toEqual([])
    expect(readServiceFile('a.py', `label = f${JSON.stringify(sentence)} # delete`)).toEqual([])
  })

  it('is no statement either when it is written to a log or an error', () => {
    const sql = JSON.stringify('select id from notes')
    for (const call of ['logger.info', 'console.log', 'throw new Error', 'describe', 'expect(x).toContain']) {
      expect(readServiceFile('a.js', `${call}(${sql})`), call).toEqual([])
    }
    expect(readServiceFile('a.js', `db.query(${sql})`)).toHaveLength(1)
  })
})

/** Texts that parse as they are, without a parser: what a driver takes, the server takes. */
describe('a parameter or a hole', () => {
  const parsableOf = (source: string) => {
    const [found] = readServiceFile('a.ts', `x = \`${source}\``)
    const text = found?.parsable ?? ''
    expect(() => parseSync(text)).not.toThrow()
    return text
  }
  it.each([
    ['select id from t where a = ${x} and b in ${y}', 'select id from t where a = $1 and b in ($2)'],
    ['select id from t where a = $2 and b = ${x}', 'select id from t where a = $2 and b = $3'],
    ["select '${x}' || b from t where c ~ '^${y}$'", "select '1' || b from t where c ~ '^1$'"],
    ['select ${a}.b, c.${d} from t c', 'select __hole_1.b, c.__hole_2 from t c'],
    ['select a as ${b} from t where ${c} ${d} ${e}', 'select a as __hole_1 from t where $1 = $2'],
    ['select a from ${s}.t where b = :b::uuid', 'select a from t where b = $1::uuid'],
    ['select a from s.${t} where b = :b and c = :b', 'select a from s.__hole_1 where b = $1 and c = $1'],
    ['select a from ${p}users, u_${n} where b = ?', 'select a from __hole_1, __hole_2 where b = $1'],
    [
      'select a[1:n], b->>${k} from t where c ?| array[?]',
      'select a[1:n], b->>$1 from t where c ?| array[$2]',
    ],
    ['select a from (${q}) x where exists (${r})', 'select a from (select 1) x where exists (select 1)'],
    ['select a::${t} from t order by ${o} ${d} limit ${l}', 'select a::text from t order by $1  limit $2'],
    [
      'update t set ${a} = ${b}, ${c} where d is ${e}',
      'update t set __hole_1 = $1, __hole_3 = null where d is null',
    ],
    ['insert into t (a, ${b}) values (1, ${c})', 'insert into t (a, __hole_1) values (1, $1)'],
    [
      'insert into t values ${rows} on conflict (${c}) do nothing',
      'insert into t values ($1) on conflict (__hole_2) do nothing',
    ],
    ['create table ${t} (id int, ${more})', 'create table __hole_1 (id int, __hole_2 text)'],
    [
      'select extract(year from ${at}), substring(${a} from 2) from t',
      'select extract(year from $1), substring($2 from 2) from t',
    ],
    ['select a from "${t}" where "${c}" = 1', 'select a from "__hole_1" where "__hole_2" = 1'],
    [
      'select a from t where b is distinct from ${c} and d @> @e',
      'select a from t where b is distinct from $1 and d @> $2',
    ],
  ])('becomes what the parser takes: %s', (source, parsable) => {
    expect(parsableOf(source)).toBe(parsable)
  })
})

describe('any text', () => {
  const sources = CASES.map((name) => {
    const file = readdirSync(join(golden, name)).find((file) => file.startsWith('source.'))!
    return { path: file.replace(/\.txt$/, ''), text: readFileSync(join(golden, name, file), 'utf8') }
  })
  const path = fc.constantFrom(...SERVICE_ENDINGS.map((ending) => `a.${ending}`))
  const piece = fc.constantFrom(
    ...`" ' \` """ ''' \${ #{ { } ( ) [ / \\ + . % , <<~A <?php ?> $" @" $$""" f" r' /* */ // # -- %s ? :a $1`
      .split(' ')
      .concat(
        '\n',
        '\r',
        '<<<A\n',
        '\uffff',
        '\0',
        '\ud800',
        'é',
        ' ',
        'select a from b ',
        'update t set x = ',
      )
      .concat('insert into t (', ') values (', ".from('a').select(", "knex('a').where("),
  )

  const holds = (path: string, text: string) => {
    const lines = text.split('\n').length
    for (const sql of readServiceFile(path, text)) {
      expect(sql.line).toBeGreaterThan(0)
      expect(sql.line).toBeLessThanOrEqual(lines)
      expect(sql.parsable).not.toContain('\uffff')
      const lineAt = lineFinder(sql.parsable, sql.lines)
      for (const at of [0, 5, sql.parsable.length]) expect(lineAt(at)).toBeLessThanOrEqual(lines)
    }
  }

  it('is read without an error, whatever it is', () => {
    fc.assert(fc.property(path, fc.string({ unit: 'binary', maxLength: 400 }), holds), { numRuns: 1000 })
    fc.assert(
      fc.property(path, fc.array(piece, { maxLength: 60 }), (path, pieces) => holds(path, pieces.join(''))),
      { numRuns: 4000 },
    )
  })

  it('may be cut off and spliced anywhere', () => {
    const source = fc.constantFrom(...sources)
    const at = fc.integer({ min: 0, max: 3000 })
    fc.assert(
      fc.property(source, source, at, at, (a, b, from, to) =>
        holds(a.path, a.text.slice(0, from) + b.text.slice(to)),
      ),
      { numRuns: 1000 },
    )
  })

  // What takes more than linear time would not end before the test's limit.
  it.each([
    ['py', '"'],
    ['ts', "'"],
    ['go', '`'],
    ['kt', '"a\\'],
    ['ts', '`${`'],
    ['py', 'f"{'],
    ['cs', '$"{'],
    ['java', '("a"+'],
    ['ts', '/['],
    ['rb', '<<A '],
    ['php', '<<<A\n'],
    ['php', '?>'],
    ['rb', '%('],
    ['py', '"select a from b where '],
    ['ts', '`select ${a} '],
    ['ts', "'select ("],
    ['go', '`/*'],
    ['cs', '"with a as ('],
    ['ts', ".from('a').select("],
  ])('may be a megabyte of the same: .%s %s', (ending, unit) => {
    const text = `<?php select ${unit.repeat(1_000_000 / unit.length)}`
    expect(() => readServiceFile(`a.${ending}`, text)).not.toThrow()
  })
})
