import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

import { fileOf } from '../../../test/support/estate-source.ts'
import type { EstateFile } from './inventory/estate-file.ts'
import { loadParser } from './inventory/parse-pieces.ts'
import { compareNumbers, groupIntoSources, numberOf } from './sources.ts'

beforeAll(() => loadParser())

/** Sources as `kind name: file file`. */
const said = (files: EstateFile[]) =>
  groupIntoSources(files).map(
    ({ kind, name, files: own }) =>
      `${kind} ${name}: ${own.map(({ path }) => path.split('/').at(-1)).join(' ')}`,
  )
const named = (...paths: string[]) => said(paths.map((path) => fileOf(path)))
const script = (path: string, ...includes: string[]) => ({
  ...fileOf(path),
  includes: includes.map((other) => ({ path: other, line: 1 })),
})

describe('the number of a file', () => {
  it.each([
    ['001_x.sql', '001'],
    ['db/12-x.up.sql', '12'],
    ['V1.2__x.sql', '1.2'],
    ['V2_1__x.sql', '2_1'],
    ['20240131120000_x.sql', '20240131120000'],
    ['20240131_init/migration.sql', '20240131'],
    ['2024_01_31_x.sql', '2024_01_31'],
    ['4a_x.sql', '4'],
    ['2024_report.sql', null],
    ['R__views.sql', null],
    ['schema.sql', null],
    ['v1schema.sql', null],
    ['x_001.sql', null],
  ])('of %s is %s', (path, number) => expect(numberOf(path)).toBe(number))

  it('is compared part by part', () => {
    const numbers = ['1.10', '001', '10', '2', '1.2', '20240131120000']
    expect(numbers.toSorted(compareNumbers)).toEqual(['001', '1.2', '1.10', '2', '10', '20240131120000'])
    expect(compareNumbers('001', '1')).toBe(0)
  })
})

describe('files are grouped', () => {
  it('by numbers, in their order, and those of one number by name', () => {
    expect(named('db/10_c.sql', 'db/2_b.sql', 'db/002_a.sql', 'db/1_z.sql')).toEqual([
      'migrations db: 1_z.sql 002_a.sql 2_b.sql 10_c.sql',
    ])
  })

  it('as Flyway does: versions, then what is repeated, by name', () => {
    expect(named('sql/R__b.sql', 'sql/R__a.sql', 'sql/V1.10__c.sql', 'sql/V1.9__b.sql')).toEqual([
      'migrations sql: V1.9__b.sql V1.10__c.sql R__a.sql R__b.sql',
    ])
  })

  it('as Prisma does: a folder a migration', () => {
    const files = ['p/20240201_b/migration.sql', 'p/20240101_a/migration.sql'].map((path) => fileOf(path))
    expect(
      groupIntoSources(files).map(({ name, files: own }) => [name, ...own.map(({ path }) => path)]),
    ).toEqual([['p', 'p/20240101_a/migration.sql', 'p/20240201_b/migration.sql']])
  })

  it('apart from the unnumbered files beside them', () => {
    expect(named('db/001_a.sql', 'db/002_b.sql', 'db/seed.sql', 'db/views.sql')).toEqual([
      'migrations db: 001_a.sql 002_b.sql',
      'folder db/*: seed.sql views.sql',
    ])
  })

  it('into no migrations for one number or a year', () => {
    expect(named('db/001_a.sql')).toEqual(['script db/001_a.sql: 001_a.sql'])
    expect(named('db/2023_report.sql', 'db/2024_report.sql')).toEqual([
      'folder db: 2023_report.sql 2024_report.sql',
    ])
  })

  it('by need where they have no numbers', () => {
    const files = [
      fileOf('db/a.sql', 'create table comments (post_id integer references posts (id));'),
      fileOf('db/b.sql', 'create view recent as select * from comments;'),
      fileOf('db/c.sql', 'create table posts (id integer primary key, mood mood);'),
      fileOf('db/d.sql', "create type mood as enum ('calm');"),
    ]
    expect(said(files)).toEqual(['folder db: d.sql c.sql a.sql b.sql'])
  })

  it('by name where they need each other', () => {
    const files = [
      fileOf('db/a.sql', 'create table a (b_id integer references b (id));'),
      fileOf('db/b.sql', 'create table b (a_id integer references a (id));'),
    ]
    expect(said(files)).toEqual(['folder db: a.sql b.sql'])
  })

  it('each by itself where two make the same table', () => {
    const files = ['db/a.sql', 'db/b.sql'].map((path) => fileOf(path, 'create table t (a integer);'))
    expect(said(files)).toEqual(['script db/a.sql: a.sql', 'script db/b.sql: b.sql'])
  })

  it('with what they include, in the order of psql', () => {
    const files = [
      script('all.sql', 'parts/b.sql', 'parts/a.sql', 'nowhere.sql'),
      script('parts/b.sql', 'parts/c.sql'),
      fileOf('parts/a.sql'),
      fileOf('parts/c.sql'),
    ]
    expect(said(files)).toEqual(['script all.sql: c.sql b.sql a.sql all.sql'])
  })

  it('with none of them left out where they include each other', () => {
    expect(said([script('a.sql', 'b.sql'), script('b.sql', 'a.sql'), script('c.sql', 'c.sql')])).toEqual([
      'script a.sql: b.sql a.sql',
      'script c.sql: c.sql',
    ])
  })

  it('without tests, parts that take back, and other databases', () => {
    const files: EstateFile[] = [
      { ...fileOf('a.sql'), role: 'down' },
      { ...fileOf('b.sql'), role: 'test' },
      { ...fileOf('c.sql'), dialect: 'mysql' },
    ]
    expect(said(files)).toEqual([])
  })

  it('the same in whatever order they are listed', () => {
    const files = [
      fileOf('db/001_a.sql'),
      fileOf('db/01_b.sql'),
      fileOf('db/V2__c.sql'),
      fileOf('db/R__y.sql'),
      fileOf('db/R__x.sql'),
      fileOf('w/\u{1F600}.sql', 'create table a (b_id integer references b (id));'),
      fileOf('w/\uFF5E.sql', 'create table b (a_id integer references a (id));'),
      fileOf('w/c.sql', 'create view v as select * from b;'),
      script('x/all.sql', 'x/one.sql'),
      script('x/some.sql', 'x/one.sql'),
      fileOf('x/one.sql'),
      script('y/a.sql', 'y/b.sql'),
      script('y/b.sql', 'y/a.sql'),
    ]
    const expected = said(files)
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
        expect(said(shuffled)).toEqual(expected)
      }),
    )
  })
})
