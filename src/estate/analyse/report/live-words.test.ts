import { describe, expect, it } from 'vitest'

import { HOSTILE, largeEstate, smallEstate } from '../../../../test/support/estate-report.ts'
import type { LiveSummary } from '../finding.ts'
import { writeHtml } from './html.ts'
import { sizeOf } from './live-words.ts'
import { writeMarkdown } from './markdown.ts'
import { writeText } from './text.ts'

/** A database with so many tables of each kind, and a ledger that does not agree with the files. */
function liveOf(tables: number): LiveSummary {
  const tableOf = (over: Partial<LiveSummary['tables'][number]>, index: number) => ({
    schema: 'public',
    name: `table_${index}`,
    rows: 1204,
    isCounted: true,
    bytes: 16_384,
    explainedBy: { source: 'crm', file: 'crm/01.sql', line: 3 },
    differences: [],
    tool: null,
    ...over,
  })
  return {
    address: 'db.example:5432/crm',
    version: '17.2',
    tables: [
      ...Array.from({ length: tables }, (_, index) => tableOf({}, index)),
      tableOf({ name: 'handmade', explainedBy: null, rows: 7_000_000, isCounted: false, bytes: 2 ** 33 }, 0),
      tableOf({ name: HOSTILE, differences: [HOSTILE] }, 0),
      tableOf({ name: 'notes', differences: ['author text: only in the database'], rows: null }, 0),
      tableOf({ name: 'schema_migrations', explainedBy: null, tool: 'golang-migrate' }, 0),
    ],
    ledgers: [
      {
        tool: 'golang-migrate',
        schema: 'public',
        name: 'schema_migrations',
        applied: 12,
        failed: ['13'],
        sources: ['db'],
        withoutFile: [HOSTILE],
        notApplied: Array.from({ length: 9 }, (_, index) => `db/${index + 14}.sql`),
      },
    ],
  }
}

describe('a live database in a report', () => {
  const analysis = { ...smallEstate(), live: liveOf(40) }

  it('is told in the text, what no file explains first, within 120 lines', () => {
    const text = writeText(
      { ...largeEstate(400), live: liveOf(40) },
      { width: 100, isColoured: false, isWhole: false },
    )
    expect(text).toContain('PostgreSQL 17.2 at db.example:5432/crm has 43 tables: 40 as a file')
    expect(text).toMatch(/^ {2}public\.handmade \(about 7,000,000 rows, 8 GB\): no file\n {2}public\.</m)
    expect(text).toContain('and 39 more')
    expect(text.split('\n').length).toBeLessThanOrEqual(120)
  })

  it('is whole where the text is', () => {
    const text = writeText(analysis, { width: 100, isColoured: false, isWhole: true })
    expect(text).toContain('public.table_39 (1,204 rows, 16 kB): crm/01.sql:3')
    expect(text).toContain('schema_migrations (1,204 rows, 16 kB): kept by golang-migrate')
  })

  it.each([
    ['text', writeText(analysis, { width: 100, isColoured: false, isWhole: false })],
    ['Markdown', writeMarkdown(analysis)],
    ['HTML', writeHtml(analysis)],
  ])('cannot break out of %s', (_, written) => {
    expect(written).toContain('The live database')
    expect(written).toContain('1 failed')
    expect(['\u001b', '\u009b', '\u202e'].filter((sign) => written.includes(sign))).toEqual([])
  })

  it('is no markup', () => {
    expect(writeHtml(analysis)).not.toContain('<img')
    expect(writeMarkdown(analysis)).not.toContain('<img')
    expect(writeMarkdown({ ...analysis, live: null })).not.toContain('live database')
  })

  it.each([
    [0, '0 bytes'],
    [8192, '8 kB'],
    [1_258_291, '1.2 MB'],
    [1023 * 1024, '1023 kB'],
    [5 * 1024 ** 4, '5 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(sizeOf(bytes)).toBe(text)
  })
})
