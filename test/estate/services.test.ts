import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { variantsOf, type Estate } from '../../src/estate/analyse/estate.ts'
import type { Finding } from '../../src/estate/analyse/finding.ts'
import { analyse } from '../../src/estate/analyse/index.ts'
import { Parser } from '../../src/estate/analyse/inventory/parser.ts'
import { readFiles } from '../../src/estate/analyse/inventory/read-file.ts'
import { naturesOf } from '../../src/estate/analyse/kinship.ts'
import { walkFiles } from '../../src/estate/analyse/inventory/walk.ts'
import { findingsOf } from '../../src/estate/analyse/rules/rule.ts'
import { serviceExpectsMissingColumn } from '../../src/estate/analyse/rules/service-expects-missing-column.ts'
import { serviceExpectsMissingConstraint } from '../../src/estate/analyse/rules/service-expects-missing-constraint.ts'
import { serviceFitsOnlyOneDefinition } from '../../src/estate/analyse/rules/service-fits-only-one-definition.ts'
import { readServices, walkServices } from '../../src/estate/analyse/services/read-services.ts'
import { simulate } from '../../src/estate/analyse/simulate/simulate.ts'
import { groupIntoSources } from '../../src/estate/analyse/sources.ts'
import { compareFindings, readExpected } from './expected-findings.ts'

const RULES = [serviceExpectsMissingColumn, serviceExpectsMissingConstraint, serviceFitsOnlyOneDefinition]
const GOLDEN = join(import.meta.dirname, '../golden/analyse')
const CASES = RULES.flatMap(({ id }) => readdirSync(join(GOLDEN, 'rules', id)).map((name) => `${id}/${name}`))

let parser: Parser
let folder: string

beforeAll(() => {
  parser = new Parser()
  folder = mkdtempSync(join(tmpdir(), 'services-'))
})
afterAll(async () => {
  await parser.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the rules about services say of a folder. They look at the text alone, so nothing is run. */
async function findingsIn(path: string, services: string[] = []): Promise<Finding[]> {
  const walk = walkFiles([path])
  const files = []
  for (const file of walk.files)
    if (file.kind === 'sql')
      files.push(...(await readFiles(parser, [{ path: file.path, bytes: readFileSync(file.absolute) }])))
  const found = walkServices(walk.files, services, walk.root).files
  const sources = groupIntoSources(files)
  const simulated = sources.map(simulate)
  const estate: Estate = {
    files,
    tools: [],
    sources,
    simulated,
    executions: [],
    roots: [],
    variants: variantsOf(simulated, naturesOf(sources, simulated)),
    live: null,
    services: await readServices(parser, found, () => {}),
  }
  return RULES.flatMap((rule) => findingsOf(rule, estate))
}

/** Each finding of a small estate, as `rule table` with its details. */
async function saidOf(sql: Record<string, string>, source: string, name = 'app.ts'): Promise<string[]> {
  const path = mkdtempSync(join(folder, 'estate-'))
  for (const [file, text] of Object.entries({ ...sql, [name]: source })) {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  const findings = await findingsIn(path)
  return findings.flatMap(({ rule, object, details }) =>
    details.map((line) => `${rule} ${object.name}: ${line}`),
  )
}

const sends = (...statements: string[]) => statements.map((text) => `db.query(\`${text}\`)`).join('\n')
const TABLE = { 'a.sql': 'create table notes (id integer primary key, body text not null);' }

describe('what is expected of services', () => {
  it.each(['estate', ...CASES.map((name) => `rules/${name}`)])(
    'is found, and nothing else: %s',
    async (name) => {
      const path = join(GOLDEN, name)
      const isEstate = name === 'estate'
      const file = isEstate ? join(GOLDEN, 'estate.expected.json') : join(path, 'expected.json')
      const { expected, allowed, absent } = readExpected(file)
      const findings = await findingsIn(isEstate ? path : join(path, 'estate'))
      const judged = isEstate ? RULES.map(({ id }) => id) : [name.split('/')[1]!, ...(absent ?? [])]
      const ours = (rule: string) => judged.includes(rule)
      const { missing, unexpected } = compareFindings(
        { expected: expected.filter(({ rule }) => ours(rule)), allowed },
        findings.filter(({ rule }) => ours(rule)),
      )
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] })
    },
  )

  it('is told with the line of each column, in every statement', async () => {
    const source = sends('select id,\n  headline from notes', 'update notes\n set headline = $1, colour = $2')
    expect(await saidOf(TABLE, source)).toEqual([
      'service-expects-missing-column notes: headline: app.ts:2 and app.ts:4',
      'service-expects-missing-column notes: colour: app.ts:4',
    ])
  })

  it('says which definitions a statement fits, and for what it breaks on the others', async () => {
    const said = await saidOf(
      {
        'a/1.sql': 'create table notes (id integer primary key, body text);',
        'b/1.sql': 'create table notes (id uuid primary key, title text, unique (title));',
      },
      sends('insert into notes (title) values ($1) on conflict (title) do nothing'),
    )
    expect(said).toEqual([
      'service-fits-only-one-definition notes: app.ts:1 fits b/1.sql:1; breaks on a/1.sql:1 for column title and on conflict (title)',
    ])
  })

  it('is said of a statement that needs what one definition has, and what another has', async () => {
    const sql = {
      'a/1.sql': 'create table notes (id integer primary key, body text);',
      'b/1.sql': 'create table notes (id uuid primary key, title text);',
    }
    expect(await saidOf(sql, sends('select body, title from notes'))).toEqual([
      'service-fits-only-one-definition notes: app.ts:1 fits none; breaks on a/1.sql:1 for column title; breaks on b/1.sql:1 for column body',
    ])
  })

  it('is nothing of a definition that never takes effect, while the other fits', async () => {
    const sql = {
      '1.sql': 'create table if not exists notes (id integer primary key, body text);',
      '2.sql': 'create table if not exists notes (id uuid primary key, title text);',
    }
    expect(await saidOf(sql, sends('select body from notes'))).toEqual([])
    expect(await saidOf(sql, sends('select title from notes'))).toEqual([
      'service-fits-only-one-definition notes: app.ts:1 fits 2.sql:1; breaks on 1.sql:1 for column title',
    ])
  })

  it('is said of services that stand elsewhere, with paths from where both are', async () => {
    const [sql, services] = [join(folder, 'apart/sql'), join(folder, 'apart/web')]
    for (const path of [sql, services]) mkdirSync(path, { recursive: true })
    writeFileSync(join(sql, 'a.sql'), TABLE['a.sql'])
    writeFileSync(join(services, 'app.py'), 'cur.execute("select headline from notes")')
    const { findings } = await analyse({
      paths: [sql],
      services: [services],
      database: null,
      signal: new AbortController().signal,
    })
    const found = findings.filter(({ rule }) => rule === 'service-expects-missing-column')
    expect(found.map(({ locations }) => locations)).toEqual([[{ file: 'web/app.py', line: 1 }]])
  })

  it('cannot be said of services that are not there', () => {
    expect(() => walkServices([], [join(folder, 'nowhere')], folder)).toThrow('nowhere')
  })
})

describe('nothing is expected of a table', () => {
  const SAYS_NOTHING: Record<string, [Record<string, string>, string, string?]> = {
    'where another source adds the column': [
      {
        ...TABLE,
        'x/b.sql': 'alter table notes add column headline text, add constraint one unique (headline);',
      },
      sends('insert into notes (headline) values ($1) on conflict (headline) do nothing'),
    ],
    'where a block of code adds the column': [
      { ...TABLE, 'b.sql': 'do $$ begin alter table notes add column headline text; end $$;' },
      sends('select headline from notes'),
    ],
    'where a function adds it to whatever table it is given': [
      {
        ...TABLE,
        'b.sql': `create function mark(t text) returns void language plpgsql as
          $$ begin execute format('alter table %I add column headline text', t); end $$; select mark('notes');`,
      },
      sends('select headline from notes'),
    ],
    'where a statement that cannot be parsed has the column': [
      {
        ...TABLE,
        'x/b.sql': 'create table notes (id integer primary key autoincrement, headline text unique);',
      },
      sends('insert into notes (headline) values ($1) on conflict (headline) do nothing'),
    ],
    'where the service makes the column itself': [
      TABLE,
      sends('alter table notes add column if not exists headline text', 'select headline from notes'),
    ],
    'that is described in code': [
      TABLE,
      'class AddHeadline < ActiveRecord::Migration[7.0]\n def change\n  add_column :notes, :headline, :string\n end\nend\n' +
        'DB.exec("select headline from notes")',
      'app.rb',
    ],
    'that a view replaces elsewhere': [
      { ...TABLE, 'x/b.sql': 'create view other.notes as select 1 as headline;' },
      sends('select headline from notes'),
    ],
    'that is a query of the statement': [
      TABLE,
      sends('with notes as (select 1 as headline) select headline from notes'),
    ],
    'whose name only the program knows': [
      TABLE,
      sends('select ${column} from ${table} join notes n on n.headline = 1'),
    ],
    'in another schema that has the column': [
      { ...TABLE, 'x/b.sql': 'create table crm.notes (id integer, headline text);' },
      sends('select headline from notes'),
    ],
    'that inherits what its parent is given': [
      {
        'a.sql':
          'create table things (id integer); create table notes () inherits (things); alter table things add column headline text;',
      },
      sends('select headline from notes'),
    ],
    'made from a query': [
      { 'a.sql': 'create table notes as select * from elsewhere;' },
      sends('select headline from notes'),
    ],
    'for system columns, JSON, functions and names of rows': [
      TABLE,
      sends(
        `select ctid, xmin::text, n.tableoid, to_jsonb(n) ->> 'headline', n, count(*) filter (where n.id > 1) from notes n group by rollup (n.id), n`,
        `select e.key, value, current_user, excluded_at from notes, jsonb_each_text(body::jsonb) e, now() excluded_at`,
        `select x.headline, row_number() over w as place from (select *, 1 as headline from notes) x window w as (order by headline)`,
        `select upper(body) as loud, count(*) from notes group by loud order by loud`,
        `select date_trunc('day', now()) as day, count(*) from notes group by rollup (day)`,
        `insert into notes as n (id, body) values (1, 'a') on conflict (id) do update set body = excluded.body where n.body <> excluded.body`,
        `merge into notes n using (values (1, 'x')) as v (key, words) on n.id = v.key when matched then update set body = v.words`,
        `update notes set body = s.words from (select 1 as id, 'x' as words) s where notes.id = s.id returning words`,
        `delete from notes using unnest($1::int[]) as gone where notes.id = gone`,
      ),
    ],
    'of which a function is a column': [
      {
        ...TABLE,
        'b.sql': `create function headline(notes) returns text language sql as $$ select $1.body $$;`,
      },
      sends('select n.headline from notes n'),
    ],
    'where a partial index serves a filtered target': [
      { ...TABLE, 'b.sql': 'create unique index notes_body_idx on notes (body) where id > 0;' },
      sends('insert into notes (body) values ($1) on conflict (body) where id > 0 do nothing'),
    ],
    'by a source that speaks of another database': [
      TABLE,
      `import sqlite3\ndb = sqlite3.connect('x.db')\ndb.execute("select headline from notes")`,
      'app.py',
    ],
    'by a test': [TABLE, sends('select headline from notes'), 'app.test.ts'],
  }

  it.each(Object.keys(SAYS_NOTHING))('%s', async (name) => {
    expect(await saidOf(...SAYS_NOTHING[name]!)).toEqual([])
  })
})

describe('a unique key', () => {
  it.each([
    ['that is partial', 'create unique index i on notes (body) where id > 0;', 'on conflict (body)'],
    ['on an expression', 'create unique index i on notes (lower(body));', 'on conflict (body)'],
    [
      'of another name',
      'alter table notes add constraint one unique (body);',
      'on conflict on constraint other',
    ],
  ])('%s is none for the target', async (_, sql, target) => {
    const insert = sends(`insert into notes (body) values ($1) ${target} do nothing`)
    expect(await saidOf({ 'a.sql': TABLE['a.sql'] + sql }, insert)).toEqual([
      `service-expects-missing-constraint notes: ${target}: app.ts:1`,
    ])
  })

  it.each([
    ['that the table was given', 'alter table notes add unique (body);', 'on conflict (body)'],
    [
      'by its given name',
      'alter table notes add constraint one unique (body);',
      'on conflict on constraint one',
    ],
    ['by the name the server gives', '', 'on conflict on constraint notes_pkey'],
  ])('%s will do', async (_, sql, target) => {
    const insert = sends(`insert into notes (body) values ($1) ${target} do nothing`)
    expect(await saidOf({ 'a.sql': TABLE['a.sql'] + sql }, insert)).toEqual([])
  })
})
