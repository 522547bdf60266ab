import { describe, expect, it } from 'vitest'

import { diffCatalog } from './diff.ts'
import type { CatalogModel, TableModel } from './model.ts'

const column = (name: string, type = 'text') => ({
  name,
  type,
  isNullable: true,
  default: null,
  generated: null,
  comment: null,
  grants: [],
})

const table = (name: string, change: Partial<TableModel> = {}): TableModel => ({
  name,
  owner: 'robbieverse_owner',
  comment: null,
  kind: 'table',
  persistence: 'permanent',
  options: [],
  inherits: [],
  partition: null,
  rowSecurity: 'forced',
  columns: [column('town_id', 'uuid'), column('name')],
  constraints: [{ name: 'places_pkey', definition: 'PRIMARY KEY (town_id)' }],
  indexes: [],
  policies: [],
  triggers: [],
  rules: [],
  grants: [{ grantee: 'robbieverse_app', privileges: ['select'] }],
  ...change,
})

const model = (...tables: TableModel[]): CatalogModel => ({
  roles: [],
  schemas: [],
  tables,
  views: [],
  functions: [],
  sequences: [],
  types: [],
  defaultPrivileges: [],
  others: [],
})
const paths = (expected: CatalogModel, found: CatalogModel) =>
  diffCatalog(expected, found).map(({ kind, path }) => `${kind} ${path}`)

describe('two structures', () => {
  it('that are the same do not differ', () => {
    expect(diffCatalog(model(table('a.places')), model(table('a.places')))).toEqual([])
  })

  it('differ by what is missing, what is not expected and what has changed', () => {
    const found = table('a.places', {
      columns: [column('town_id', 'text'), column('title')],
      constraints: [],
      grants: [{ grantee: 'robbieverse_app', privileges: ['delete', 'select'] }],
    })
    expect(paths(model(table('a.places')), model(found))).toEqual([
      'missing table a.places / column name',
      'unexpected table a.places / column title',
      'changed table a.places / column town_id',
      'missing table a.places / constraint places_pkey',
      'changed table a.places / grant robbieverse_app',
    ])
  })

  it('differ in one place when a whole table does', () => {
    expect(paths(model(table('a.places')), model())).toEqual(['missing table a.places'])
    expect(paths(model(), model(table('a.places')))).toEqual(['unexpected table a.places'])
  })

  it('differ with both definitions told', () => {
    const [difference] = diffCatalog(
      model(table('a.places')),
      model(table('a.places', { rowSecurity: 'off' })),
    )
    expect(JSON.parse(difference!.expected!)).toMatchObject({ rowSecurity: 'forced' })
    expect(JSON.parse(difference!.found!)).toMatchObject({ rowSecurity: 'off' })
  })

  it('do not differ by the order in which their tables are listed', () => {
    const [a, b] = [table('a.one'), table('a.two')]
    expect(diffCatalog(model(a, b), model(b, a))).toEqual([])
  })
})
