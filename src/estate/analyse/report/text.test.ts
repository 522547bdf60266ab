import { stripVTControlCharacters } from 'node:util'

import { describe, expect, it } from 'vitest'

import { analysisOf, findingOf, largeEstate, smallEstate } from '../../../../test/support/estate-report.ts'
import { textWidth } from '../../../kernel/text-width.ts'
import { applyBaseline, readBaseline, writeBaseline } from './baseline.ts'
import { writeText, type TextLook } from './text.ts'

const GOLDEN = '../../../../test/golden/analyse/report'
const plain: TextLook = { width: 100, isColoured: false, isWhole: false }

describe('the report as text', () => {
  it('says what was looked at, what to do first, and then each object once', async () => {
    await expect(`${writeText(smallEstate(), plain)}\n`).toMatchFileSnapshot(`${GOLDEN}/report.txt`)
  })

  it('puts the findings of an object together, worst first, and folds consequences', () => {
    const text = writeText(smallEstate(), plain)
    expect(text.match(/table public\.companies$/gm)).toHaveLength(1)
    expect(text.indexOf('competing-definition (critical)')).toBeLessThan(
      text.indexOf('money-as-float (warning)'),
    )
    expect(text).toContain('100 consequences:\n      crm/05-more.sql:1 foreign key')
    expect(text).toContain('\n      and 97 more\n')
  })

  it.each([0, 1, 5, 30, 400, 3000])(
    'has at most 120 lines for %d tables, and whole all of them',
    (tables) => {
      const analysis = largeEstate(tables)
      analysis.summary.incomplete.push(...Array.from({ length: 9 }, (_, index) => `${index}.sql: too long`))
      const lines = writeText(analysis, plain).split('\n')
      expect(lines.length).toBeLessThanOrEqual(120)
      if (tables >= 400) expect(lines.length).toBeGreaterThan(90)
      const told = lines.filter((line) => /^(CRITICAL|  critical) +table/.test(line)).length
      const more = Number(/^and ([\d,]+) more objects?$/m.exec(lines.join('\n'))?.[1]?.replace(',', '') ?? 0)
      expect(told + more).toBe(tables)
      const whole = writeText(analysis, { ...plain, isWhole: true })
      expect(whole.match(/^CRITICAL/gm) ?? []).toHaveLength(tables)
      expect(whole).not.toMatch(/\d more/)
    },
  )

  it('has a summary of at most one screen', () => {
    const long = 'a rather long sentence that says much '.repeat(10)
    const findings = Array.from({ length: 9 }, (_, index) =>
      findingOf({ object: { kind: 'table', schema: 'public', name: `t${index}` }, message: long }),
    )
    const analysis = analysisOf(findings)
    analysis.summary.incomplete.push(long, long, long, long)
    const gone = readBaseline(
      writeBaseline(analysisOf(findings.map((own) => ({ ...own, rule: 'silent-skip' })))),
    )
    const text = writeText(applyBaseline(analysis, gone), plain)
    expect(text).toContain('Accepted in the baseline, and no longer found')
    expect(text.slice(0, text.indexOf('CRITICAL')).split('\n').length).toBeLessThanOrEqual(26)
  })

  it.each([20, 40, 80])('keeps its lines within %d columns', (width) => {
    const wide = Math.max(
      ...writeText(smallEstate(), { ...plain, width })
        .split('\n')
        .map(textWidth),
    )
    expect(wide).toBeLessThanOrEqual(width)
  })

  it('has colours only where they are wanted, and no control characters of the files', () => {
    const coloured = writeText(smallEstate(), { ...plain, isColoured: true })
    const bare = writeText(smallEstate(), plain)
    expect(coloured).toContain('\u001b[31m')
    expect(stripVTControlCharacters(coloured)).toBe(bare)
    expect(bare).not.toMatch(/[^\P{Cc}\n]/u)
    expect(writeText(smallEstate(), { ...plain, isWhole: true })).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('says so when nothing was found', () => {
    const text = writeText(analysisOf([]), plain)
    expect(text).toContain('Nothing was found.')
    expect(text.split('\n')).toHaveLength(2)
  })
})
