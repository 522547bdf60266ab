import { describe, expect, it } from 'vitest'

import { analysisOf, findingOf, smallEstate } from '../../../../test/support/estate-report.ts'
import { sarifSchema } from '../../../../test/support/sarif-schema.ts'
import { writeSarif } from './sarif.ts'

const read = (analysis: ReturnType<typeof smallEstate>) =>
  sarifSchema.parse(JSON.parse(writeSarif(analysis, { version: '1.2.3' }))).runs[0]!

describe('the report as SARIF', () => {
  it('has the structure of version 2.1.0', async () => {
    const run = read(smallEstate())
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual([
      'competing-definition',
      'homonym',
      'invalid-statement',
      'money-as-float',
      'secret-in-sql',
    ])
    expect(run.results.map(({ level }) => level)).toEqual(['error', 'warning', 'error', 'error', 'note'])
    await expect(writeSarif(smallEstate(), { version: '1.2.3' })).toMatchFileSnapshot(
      '../../../../test/golden/analyse/report/report.sarif',
    )
  })

  it('names for each result the rule it belongs to', () => {
    const { results, tool } = read(smallEstate())
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId)
  })

  it('keeps fingerprints when lines move, and has one for each finding', () => {
    const fingerprints = (line: number) =>
      read(
        analysisOf([
          findingOf({ locations: [{ file: 'a.sql', line }] }),
          findingOf({ locations: [{ file: 'b.sql', line }] }),
        ]),
      ).results.map(({ partialFingerprints }) => partialFingerprints['robbieverseFinding/v1'])
    expect(fingerprints(1)).toEqual(fingerprints(900))
    expect(new Set(fingerprints(1)).size).toBe(2)
  })

  it('writes paths as addresses', () => {
    const at = (file: string) => findingOf({ locations: [{ file, line: 0 }], details: [file] })
    const places = read(analysisOf([at('a b/50%?#.sql'), at('/srv/ä.sql')])).results.map(
      ({ locations }) => locations[0]!.physicalLocation,
    )
    expect(places).toEqual([
      {
        artifactLocation: { uri: 'a%20b/50%25%3F%23.sql', uriBaseId: '%SRCROOT%' },
        region: { startLine: 1 },
      },
      { artifactLocation: { uri: 'file:///srv/%C3%A4.sql' }, region: { startLine: 1 } },
    ])
  })

  it('tells what could not be looked at, and that an input failed', () => {
    const analysis = smallEstate()
    expect(read(analysis).invocations[0]).toMatchObject({ executionSuccessful: true })
    analysis.summary.failed = ['DATABASE_UNREACHABLE']
    expect(read(analysis).invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'warning' }],
    })
  })
})
