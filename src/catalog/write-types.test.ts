import { describe, expect, it } from 'vitest'

import type { CatalogModel, ColumnModel } from './model.ts'
import { writeTypes } from './write-types.ts'

const column = (name: string, type: string, change: Partial<ColumnModel> = {}): ColumnModel => ({
  name,
  type,
  isNullable: false,
  default: null,
  generated: null,
  comment: null,
  grants: [],
  ...change,
})

function typesOf(columns: ColumnModel[], constraints: { name: string; definition: string }[] = []): string {
  const none = { indexes: [], policies: [], triggers: [], rules: [], grants: [], options: [], inherits: [] }
  const model: CatalogModel = {
    roles: [],
    schemas: [],
    tables: [
      {
        name: 'atlas.rated_places',
        owner: 'o',
        comment: 'Places.',
        kind: 'table',
        persistence: 'permanent',
        partition: null,
        rowSecurity: 'off',
        columns,
        constraints,
        ...none,
      },
    ],
    views: [],
    functions: [],
    sequences: [],
    types: [],
    defaultPrivileges: [],
    others: [],
  }
  return writeTypes(model)
}

describe('the generated types', () => {
  it('name the table, its comment, and its place in the schema', () => {
    const text = typesOf([column('id', 'uuid', { comment: 'Identifier.' })])
    expect(text).toContain(
      '/** atlas.rated_places: Places. */\nexport type RatedPlaces = {\n  /** Identifier. */\n  id: string\n}',
    )
    expect(text).toContain('  rated_places: RatedPlaces\n')
  })

  it.each([
    [column('c', 'bigint'), 'c: number'],
    [column('c', 'numeric(10,2)'), 'c: string'],
    [column('c', 'timestamp with time zone'), 'c: Date'],
    [column('c', 'date'), 'c: string'],
    [column('c', 'bytea'), 'c: Buffer'],
    [column('c', 'text[]'), 'c: string[]'],
    [column('c', 'text', { isNullable: true }), 'c: string | null'],
    [column('c', 'integer', { default: '1' }), 'c: Generated<number>'],
    [column('c', 'jsonb'), 'c: Json'],
    [column('c', 'jsonb', { default: `'{}'::jsonb` }), 'c: JsonWithDefault'],
    [column('c', 'jsonb', { isNullable: true }), 'c: NullableJson'],
  ])('read %j as %s', (item, expected) => {
    expect(typesOf([item])).toContain(`  ${expected}\n`)
  })

  it('turn a checked list of texts into a union', () => {
    const check = { name: 'c_check', definition: `CHECK ((kind = ANY (ARRAY['a'::text, 'it''s'::text])))` }
    expect(typesOf([column('kind', 'text')], [check])).toContain(`kind: 'a' | 'it\\'s'\n`)
  })

  it('do not break out of a comment', () => {
    expect(typesOf([column('c', 'text', { comment: 'ends */ here' })])).toContain('/** ends * / here */')
  })

  it('refuse a column type that nobody has decided about', () => {
    expect(() => typesOf([column('c', 'point')])).toThrow('no TypeScript type is known for point')
  })
})
