import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'
import * as z from 'zod'

import { largeEstate, smallEstate } from '../../../../test/support/estate-report.ts'
import { analysisSchema } from './analysis-schema.ts'
import { applyBaseline, readBaseline, writeBaseline } from './baseline.ts'

const documented = z.fromJSONSchema(
  JSON.parse(
    readFileSync(new URL('../../../../docs/reference/analysis.schema.gen.json', import.meta.url), 'utf8'),
  ),
)
const throughJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('the documented form of a report', () => {
  const small = smallEstate()
  const hidden = applyBaseline(small, readBaseline(writeBaseline(small)))

  it.each([
    ['a small estate', small],
    ['a large one', largeEstate(50)],
    ['one with a baseline', hidden],
    ['one with an input that failed', { ...small, summary: { ...small.summary, failed: ['NO_SQL_FOUND'] } }],
  ])('fits %s', (_, analysis) => {
    expect(documented.parse(throughJson(analysis))).toEqual(throughJson(analysis))
    expect(analysisSchema.parse(analysis)).toEqual(analysis)
  })

  it('does not fit what says something else', () => {
    const findings = small.findings.map((finding) => ({ ...finding, severity: 'fatal' }))
    expect(documented.safeParse({ ...small, findings }).success).toBe(false)
    expect(documented.safeParse({ ...small, version: 2 }).success).toBe(false)
    expect(documented.safeParse({ ...small, more: 1 }).success).toBe(false)
  })
})
