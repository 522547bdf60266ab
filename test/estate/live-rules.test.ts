import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, expect, it } from 'vitest'

import { analyse } from '../../src/estate/analyse/index.ts'
import { analysisSchema } from '../../src/estate/analyse/report/analysis-schema.ts'
import { Scratch } from '../../src/estate/analyse/scratch/scratch.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase } from '../support/test-database.ts'
import { compareFindings, readExpected } from './expected-findings.ts'

const folder = new URL('../golden/analyse/rules/', import.meta.url).pathname
const cases = readdirSync(folder).flatMap((rule) =>
  readdirSync(join(folder, rule))
    .filter((name) => existsSync(join(folder, rule, name, 'live.sql')))
    .map((name) => ({ rule, name, path: join(folder, rule, name) })),
)

const startingWith = (text: string) => new RegExp(`^${RegExp.escape(text)}`)

onBackend('server', (backend) => {
  const scratch = new Scratch()
  afterAll(() => scratch.close())

  it('has cases for each rule that asks a live database', () => {
    expect(new Set(cases.map(({ rule }) => rule))).toEqual(
      new Set(['drifted', 'live-only', 'never-deployed', 'no-migration-tracking']),
    )
  })

  it.each(cases)('finds of $rule in $name what it has to', async ({ rule, path }) => {
    const live = await emptyDatabase(backend)
    try {
      await live.database.session((session) => session.exec(readFileSync(join(path, 'live.sql'), 'utf8')))
      const request = { paths: [join(path, 'estate')], services: [], signal: new AbortController().signal }
      const report = await analyse({ ...request, database: live.url! }, { scratch })
      const alone = await analyse({ ...request, database: null }, { scratch })
      const expected = readExpected(join(path, 'expected.json'))
      const found = report.findings.filter((finding) => finding.rule === rule)
      const { missing, unexpected } = compareFindings(expected, found)
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] })
      for (const start of expected.expected.flatMap(({ details }) => details ?? [])) {
        expect(found.flatMap(({ details }) => details)).toContainEqual(
          expect.stringMatching(startingWith(start)),
        )
      }
      const others = report.findings.filter((finding) => (expected.absent ?? []).includes(finding.rule))
      expect(others).toEqual([])
      expect(analysisSchema.parse(report)).toEqual(report)
      expect(report.summary.incomplete).toEqual([])
      expect(alone.live).toBeNull()
      const liveRules = new Set(['drifted', 'live-only', 'never-deployed'])
      expect(alone.findings.filter((finding) => liveRules.has(finding.rule))).toEqual([])
    } finally {
      await live.drop()
    }
  })
})
