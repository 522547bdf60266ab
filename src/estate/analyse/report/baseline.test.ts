import { describe, expect, it } from 'vitest'

import { analysisOf, findingOf, smallEstate } from '../../../../test/support/estate-report.ts'
import { applyBaseline, readBaseline, writeBaseline } from './baseline.ts'

const hiddenOf = (before: Parameters<typeof findingOf>[0], after: Parameters<typeof findingOf>[0]) => {
  const baseline = readBaseline(writeBaseline(analysisOf([findingOf(before)])))
  return applyBaseline(analysisOf([findingOf(after)]), baseline).summary.baseline!.hidden
}

describe('a baseline', () => {
  it('hides what it accepts, and counts and plans the rest', () => {
    const analysis = smallEstate()
    const accepted = { ...analysis, findings: analysis.findings.slice(0, 2) }
    const shown = applyBaseline(analysis, readBaseline(writeBaseline(accepted)))
    expect(shown.findings).toEqual(analysis.findings.slice(2))
    expect(shown.summary.findings).toEqual({ critical: 2, warning: 0, info: 1 })
    expect(shown.summary.baseline).toEqual({ hidden: 2, stale: [] })
    expect(shown.plan.map(({ rules }) => rules).flat()).toEqual(['secret-in-sql', 'invalid-statement'])
    expect(shown.summary.first).toHaveLength(2)
    expect(shown.matrix).toEqual(analysis.matrix)
  })

  it('still accepts a finding after its lines have moved', () => {
    const moved = {
      locations: [
        { file: 'crm/04-business.sql', line: 120 },
        { file: 'tenants/11-town-companies.sql', line: 33 },
      ],
      details: ['id: integer in crm/04-business.sql:121, uuid in tenants/11-town-companies.sql:34'],
    }
    expect(hiddenOf({}, moved)).toBe(1)
    expect(hiddenOf({ details: [], message: 'see line 4' }, { details: [], message: 'see line 9' })).toBe(1)
  })

  it('does not accept another difference, rule or object', () => {
    expect(hiddenOf({}, { details: ['id: integer in a, bigint in b'] })).toBe(0)
    expect(hiddenOf({ details: ['vector(768)'] }, { details: ['vector(1536)'] })).toBe(0)
    expect(hiddenOf({}, { rule: 'silent-skip' })).toBe(0)
    expect(hiddenOf({}, { object: { kind: 'table', schema: 'crm', name: 'companies' } })).toBe(0)
  })

  it('does not hide a second finding of the same kind for the first', () => {
    const at = (file: string) => findingOf({ details: [], locations: [{ file, line: 1 }] })
    const baseline = readBaseline(writeBaseline(analysisOf([at('a.sql')])))
    const shown = applyBaseline(analysisOf([at('b.sql'), at('a.sql')]), baseline)
    expect(shown.findings).toEqual([at('b.sql')])
  })

  it('tells which entries are no longer found', () => {
    const baseline = readBaseline(writeBaseline(smallEstate()))
    const shown = applyBaseline(analysisOf([findingOf()]), baseline)
    expect(shown.summary.baseline).toEqual({
      hidden: 1,
      stale: expect.arrayContaining(['money-as-float: table public.companies: amount is real']),
    })
    expect(shown.summary.baseline!.stale).toHaveLength(4)
  })

  it('is the same text for the same findings in any order', () => {
    const analysis = smallEstate()
    const turned = { ...analysis, findings: analysis.findings.toReversed() }
    expect(writeBaseline(turned)).toBe(writeBaseline(analysis))
  })

  it.each(['', '{}', '{"version":2,"accepted":[]}', '{"version":1,"accepted":[{"fingerprint":"x"}]}'])(
    'that nobody wrote is refused: %s',
    (text) => {
      expect(() => readBaseline(text)).toThrow(expect.objectContaining({ code: 'BASELINE_INVALID' }))
    },
  )
})
