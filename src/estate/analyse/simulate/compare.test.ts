import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

import { sourceOf } from '../../../../test/support/estate-source.ts'
import { loadParser } from '../inventory/parse-pieces.ts'
import { differences, lesserDifferences, relate, type Relation } from './compare.ts'
import { simulate } from './simulate.ts'

beforeAll(() => loadParser())

const tableOf = (columns: string) =>
  simulate(sourceOf(`create table t (${columns});`)).tables.get('public.t')!
const relation = (one: string, other: string) => relate(tableOf(one), tableOf(other))

const column = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  type: fc.constantFrom('integer', 'integer', 'integer', 'uuid', 'text'),
  isKey: fc.boolean(),
})
const definition = fc.uniqueArray(column, { selector: ({ name }) => name, maxLength: 6 }).map((columns) => {
  const keys = columns.filter(({ isKey }) => isKey).map(({ name }) => name)
  const key = keys.length === 0 ? [] : [`primary key (${keys.join(', ')})`]
  return [...columns.map(({ name, type }) => `${name} ${type}`), ...key].join(', ')
})

describe('two definitions of a table', () => {
  it.each<[Relation, string, string]>([
    ['same', 'a integer primary key, b text', 'b text, a int not null, primary key (a)'],
    ['same', "a integer default 1, b text default 'x'", 'a integer, b text not null'],
    ['older', 'a integer, b text, c date', 'a integer, b text, c date, d uuid'],
    ['newer', 'a integer, b text, c date', 'a integer, b text'],
    ['older', 'a integer, b text', 'a integer primary key, b text, c date'],
    ['competing', 'a integer', 'a uuid'],
    ['competing', 'a integer primary key, b text', 'a integer, b text primary key'],
    ['competing', 'a integer, b text, c date', 'a integer, b text, d date'],
    ['competing', 'a integer', 'a integer, b text, c date'],
  ])('are %s: %s; %s', (expected, one, other) => {
    expect(relation(one, other)).toBe(expected)
  })

  it('are not told apart where the columns of one are not known', () => {
    const open = { ...tableOf('a uuid'), isOpen: true }
    expect(relate(open, tableOf('b text'))).toBe('same')
  })

  it('are the same as themselves, and stand the other way round from the other side', () => {
    const MIRROR = { same: 'same', older: 'newer', newer: 'older', competing: 'competing' }
    fc.assert(
      fc.property(definition, definition, (one, other) => {
        expect(relation(one, one)).toBe('same')
        expect(relation(other, one)).toBe(MIRROR[relation(one, other)])
      }),
    )
  })

  it('differ in something where they compete, and in nothing where they are the same definition', () => {
    fc.assert(
      fc.property(definition, definition, (one, other) => {
        const lines = differences(tableOf(one), tableOf(other), ['one', 'other'])
        if (relation(one, other) === 'competing') expect(lines).not.toEqual([])
        expect(differences(tableOf(one), tableOf(one), ['one', 'other'])).toEqual([])
      }),
    )
  })

  it('tell what differs, and what differs a little', () => {
    const [one, other] = [
      tableOf('id integer primary key, a varchar(9), b text'),
      tableOf("id uuid, a varchar(9) not null, c date default 'now'"),
    ]
    expect(differences(one, other, ['x', 'y'])).toEqual([
      'id: integer in x, uuid in y',
      'b text: only in x',
      'c date: only in y',
      'primary key: (id) in x, (none) in y',
    ])
    expect(lesserDifferences(one, other)).toEqual(['id', 'a'])
  })
})
