import { describe, expect, it } from 'vitest'

import { compareRow, matrixOf } from './matrix.ts'

const columns = (...pairs: [string, string][]) => pairs.map(([name, type]) => ({ name, type }))
const notes = (...pairs: [string, string][]) => ({
  schema: 'public',
  name: 'notes',
  columns: columns(...pairs),
})

describe('the matrix', () => {
  it('has the tables that several sources have, in an order of their names', () => {
    const other = { schema: 'ops', name: 'notes', columns: [] }
    const matrix = matrixOf([
      { source: 'b', tables: [notes(['id', 'uuid']), other] },
      { source: 'a', tables: [other, notes(['id', 'integer'])] },
      { source: 'c', tables: [{ schema: 'public', name: 'alone', columns: [] }] },
    ])
    expect(matrix.sources).toEqual(['a', 'b'])
    expect(matrix.rows.map(({ object }) => `${object.schema}.${object.name}`)).toEqual([
      'ops.notes',
      'public.notes',
    ])
    expect(matrix.rows[1]!.sources).toEqual({ a: { id: 'integer' }, b: { id: 'uuid' } })
  })

  it('says null where a source does not have the table', () => {
    const { rows } = matrixOf([
      { source: 'a', tables: [notes(), { schema: 'public', name: 'x', columns: [] }] },
      { source: 'b', tables: [notes()] },
      { source: 'c', tables: [{ schema: 'public', name: 'x', columns: [] }] },
    ])
    expect(rows.map(({ sources }) => sources)).toEqual([
      { a: {}, b: {}, c: null },
      { a: {}, b: null, c: {} },
    ])
  })

  it('takes names that objects of the language have already', () => {
    const { sources, rows } = matrixOf([
      { source: '__proto__', tables: [notes(['__proto__', 'text'], ['constructor', 'text'])] },
      { source: 'toString', tables: [notes(['id', 'text'])] },
    ])
    const { features } = compareRow(rows[0]!, sources)
    expect(features).toEqual([
      { name: '__proto__', types: ['text', null], isEqual: false },
      { name: 'constructor', types: ['text', null], isEqual: false },
      { name: 'id', types: [null, 'text'], isEqual: false },
    ])
  })
})

describe('definitions side by side', () => {
  it('mark where types differ or a column is missing, and give equal shapes one letter', () => {
    const { sources, rows } = matrixOf([
      { source: 'a', tables: [notes(['id', 'uuid'], ['text', 'text'])] },
      { source: 'b', tables: [notes(['text', 'text'], ['id', 'integer'])] },
      { source: 'c', tables: [notes(['text', 'text'], ['id', 'uuid'])] },
    ])
    const compared = compareRow(rows[0]!, sources)
    expect(compared.features).toEqual([
      { name: 'id', types: ['uuid', 'integer', 'uuid'], isEqual: false },
      { name: 'text', types: ['text', 'text', 'text'], isEqual: true },
    ])
    expect(compared.sources.map(({ name, shape }) => `${name} ${shape}`)).toEqual(['a A', 'b B', 'c A'])
  })

  it('have letters for any number of shapes', () => {
    const given = Array.from({ length: 28 }, (_, index) => ({
      source: String(index).padStart(2, '0'),
      tables: [notes(['id', `numeric(${index + 1})`])],
    }))
    const { sources, rows } = matrixOf(given)
    const shapes = compareRow(rows[0]!, sources).sources.map(({ shape }) => shape)
    expect([shapes[0], shapes[25], shapes[26], shapes[27]]).toEqual(['A', 'Z', 'AA', 'AB'])
  })
})
