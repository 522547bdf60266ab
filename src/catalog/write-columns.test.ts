import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../../test/support/backends.ts'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { factsOfColumn, type TableFacts } from '../db/column-facts.ts'
import { readCatalog } from './read.ts'
import { writeColumns } from './write-columns.ts'

// Words that PostgreSQL writes in quotes, some always and some only as names of columns.
const TABLES = `
  create schema scratch;
  create table scratch."order" (
    town_id uuid, id uuid, "user" text, "position" integer, cursor text, "limit" text[], "order" text,
    constraint order_pkey primary key (town_id, id),
    constraint order_user_check check (length("user") between 1 and 20),
    constraint order_position_check check ("position" between 1 and 9),
    constraint order_cursor_check check (length(cursor) <= 30),
    constraint order_limit_check check (cardinality("limit") <= 4),
    constraint order_order_check check ("order" in ('up', 'down'))
  );
  create table scratch.line (
    town_id uuid, id uuid, "order" uuid,
    constraint line_order_fkey foreign key (town_id, "order") references scratch."order" (town_id, id)
  )`

eachBackend((backend) => {
  let test: TestDatabase
  let facts: TableFacts
  beforeAll(async () => {
    test = await testDatabase(backend)
    for (const statement of TABLES.split(';')) await test.query(statement)
    const model = await test.database.session((session) => readCatalog(session, ['scratch']))
    facts = JSON.parse(writeColumns(model)) as TableFacts
  })
  afterAll(() => test.drop())

  it('reads the rules of columns whose names PostgreSQL quotes like those of any other', () => {
    const { order, line } = facts
    expect(order!['user']).toMatchObject({ type: 'text', min: 1, max: 20 })
    expect(order!['position']).toMatchObject({ type: 'integer', min: 1, max: 9 })
    expect(order!['cursor']).toMatchObject({ max: 30 })
    expect(order!['limit']).toMatchObject({ type: 'text[]', max: 4 })
    expect(order!['order']).toMatchObject({ values: ['up', 'down'] })
    expect(line!['order']).toMatchObject({ references: 'order' })
  })
})

it('reads bounds below zero, also of columns that hold fractions', () => {
  expect(factsOfColumn('ai_memories', 'emotional_weight')).toMatchObject({ min: -10, max: 10 })
  expect(factsOfColumn('deal_simulations', 'impact')).toMatchObject({ min: -10, max: 10 })
})
