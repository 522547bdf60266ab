import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

type Case = { type: string; written: unknown; read?: unknown }

const instant = new Date('2024-02-29T23:59:59.123Z')
const id = '01928374-5566-7788-99aa-bbccddeeff00'

// `read` stands where the value that comes back is not the one that was written.
const cases: Case[] = [
  { type: 'boolean', written: true },
  { type: 'smallint', written: -32768 },
  { type: 'integer', written: 2147483647 },
  { type: 'bigint', written: Number.MAX_SAFE_INTEGER },
  { type: 'bigint', written: Number.MIN_SAFE_INTEGER },
  { type: 'real', written: 0.5 },
  { type: 'double precision', written: 0.1 },
  { type: 'double precision', written: Number.POSITIVE_INFINITY },
  { type: 'double precision', written: Number.NaN },
  { type: 'numeric', written: '12345678901234567890.123456789' },
  { type: 'text', written: `quotes ' " \\ new\nline, tab\t, é, 漢字, 🙂` },
  { type: 'text', written: '' },
  { type: 'varchar(10)', written: 'ten' },
  { type: 'uuid', written: id },
  { type: 'bytea', written: Buffer.from([0, 1, 92, 127, 128, 255]) },
  { type: 'date', written: '0001-01-01' },
  { type: 'date', written: '9999-12-31' },
  { type: 'time', written: '23:59:59.999999' },
  { type: 'timestamp', written: '2024-02-29 23:59:59.123456' },
  { type: 'timestamptz', written: instant },
  { type: 'timestamptz', written: '2024-03-01T01:59:59.123+02:00', read: instant },
  { type: 'interval', written: '1 year 2 mons 3 days 04:05:06.789' },
  {
    type: 'jsonb',
    written: JSON.stringify({ a: [1, null, 'x'], b: { c: 1.5 } }),
    read: { a: [1, null, 'x'], b: { c: 1.5 } },
  },
  { type: 'jsonb', written: JSON.stringify([1, [2, '3'], {}]), read: [1, [2, '3'], {}] },
  { type: 'jsonb', written: JSON.stringify('text'), read: 'text' },
  { type: 'jsonb', written: 'null', read: null },
  { type: 'json', written: '{"b":1,"a":2}', read: { b: 1, a: 2 } },
  {
    type: 'text[]',
    written: ['plain', 'with, comma', 'with "quotes"', 'back\\slash', '{braces}', 'NULL', '', null],
  },
  { type: 'text[]', written: [] },
  { type: 'boolean[]', written: [true, false, null] },
  { type: 'integer[]', written: [1, null, -3] },
  { type: 'bigint[]', written: [Number.MAX_SAFE_INTEGER, null, 0] },
  { type: 'double precision[]', written: [0.1, null] },
  { type: 'numeric[]', written: ['0.10', null] },
  { type: 'uuid[]', written: [id, null] },
  { type: 'bytea[]', written: [Buffer.from([0, 255]), null] },
  { type: 'date[]', written: ['2024-02-29', null] },
  { type: 'timestamp[]', written: ['2024-02-29 12:00:00', null] },
  { type: 'timestamptz[]', written: [instant, null] },
  { type: 'interval[]', written: ['01:02:03', null] },
  { type: 'tsvector', written: `'fat':2 'rat':3A` },
  { type: 'inet', written: '192.168.0.1' },
]

eachBackend((backend) => {
  let test: TestDatabase
  let count = 0

  beforeAll(async () => {
    test = await testDatabase(backend)
  })
  afterAll(() => test.drop())

  /** The value as it comes back from a column of the type, written as a parameter in a transaction of the application. */
  async function roundTrip(type: string, value: unknown): Promise<unknown> {
    return test.database.transaction('write', async (tx) => {
      // A name of its own: a prepared statement remembers the types of the table it was made for.
      const table = sql.table(`kept_${(count += 1)}`)
      await sql`create temporary table ${table} (value ${sql.raw(type)}) on commit drop`.execute(tx)
      await sql`insert into ${table} values (${value})`.execute(tx)
      const { rows } = await sql<{ value: unknown }>`select value from ${table}`.execute(tx)
      return rows[0]!.value
    })
  }

  describe('values', () => {
    it.each(cases)('of $type come back as they were written: $written', async ({ type, written, read }) => {
      expect(await roundTrip(type, written)).toEqual(read === undefined ? written : read)
    })

    it.each([...new Set(cases.map((item) => item.type))])('of %s may be null', async (type) => {
      expect(await roundTrip(type, null)).toBeNull()
    })

    it('of bigint beyond 2^53 are refused rather than rounded', async () => {
      const beyond = (2n ** 53n).toString()
      await expect(test.query(`select ${beyond}::bigint as value`)).rejects.toThrow(RangeError)
      await expect(test.query(`select array[1, ${beyond}]::bigint[] as value`)).rejects.toThrow(RangeError)
      expect(await test.query('select 1 as after')).toEqual([{ after: 1 }])
    })

    it('of timestamptz keep microseconds when they are read as text', async () => {
      const [row] = await test.query<{ text: string; same: boolean }>(
        `select at::text as text, at = '2024-01-01T00:00:00.123456Z' as same
         from (select $1::timestamptz as at) x`,
        ['2024-01-01 00:00:00.123456+00'],
      )
      expect(row?.same).toBe(true)
      await test.database.transaction('read', async (tx) => {
        const { rows } = await sql<{ text: string }>`
          select ${'2024-01-01 03:00:00.123456+03'}::timestamptz::text as text`.execute(tx)
        expect(rows).toEqual([{ text: '2024-01-01 00:00:00.123456+00' }])
      })
    })

    it('of a statement without parameters come back the same', async () => {
      const [row] = await test.query(
        `select 1::int8 as a, 1.50::numeric as b, true as c, '{1,2}'::int8[] as d, '2024-01-01'::date as e, null as f`,
      )
      expect(row).toEqual({ a: 1, b: '1.50', c: true, d: [1, 2], e: '2024-01-01', f: null })
    })
  })

  describe('large values', () => {
    const size = 5 * 1024 * 1024

    it('of text pass both ways', async () => {
      const text = 'ä€🙂x'.repeat(size / 4)
      expect(await roundTrip('text', text)).toBe(text)
    })

    it('of bytea pass both ways', async () => {
      const bytes = Buffer.alloc(
        size,
        Uint8Array.from({ length: 256 }, (_, index) => index),
      )
      expect(bytes.equals((await roundTrip('bytea', bytes)) as Buffer)).toBe(true)
    })

    it('of jsonb pass both ways', async () => {
      const value = {
        items: Array.from({ length: 100_000 }, (_, index) => ({ index, text: `item ${index}` })),
      }
      expect(await roundTrip('jsonb', JSON.stringify(value))).toEqual(value)
    })

    it('of many rows arrive complete', async () => {
      const rows = await test.query<{ n: number }>(
        `select n, repeat('x', 100) as text from generate_series(1, 50000) n`,
      )
      expect(rows).toHaveLength(50_000)
      expect(rows.at(-1)?.n).toBe(50_000)
    })
  })
})
