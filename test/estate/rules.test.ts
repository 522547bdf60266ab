import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { analyse } from '../../src/estate/analyse/index.ts'
import { RULES } from '../../src/estate/analyse/rules/index.ts'
import { Scratch } from '../../src/estate/analyse/scratch/scratch.ts'
import { compareFindings, readExpected } from './expected-findings.ts'

const FOLDER = join(import.meta.dirname, '../golden/analyse/rules')
const rules = readdirSync(FOLDER)
// Cases with a database of their own are live-rules.test.ts's, which has a server.
const cases = rules.flatMap((rule) =>
  readdirSync(join(FOLDER, rule))
    .map((name) => ({ rule, name, path: join(FOLDER, rule, name) }))
    .filter(({ path }) => !existsSync(join(path, 'live.sql'))),
)

let scratch: Scratch

beforeAll(() => {
  scratch = new Scratch()
})
afterAll(() => scratch.close())

it('there are cases for each rule, with look-alikes', () => {
  expect(rules.toSorted()).toEqual(RULES.map(({ id }) => id).toSorted())
  const withLookAlikes = rules.filter((rule) =>
    readdirSync(join(FOLDER, rule)).some((name) => name.startsWith('not')),
  )
  expect(withLookAlikes).toEqual(rules)
})

it.each(cases)('$rule finds in $name what it has to', async ({ rule, path }) => {
  const { findings } = await analyse(
    { paths: [join(path, 'estate')], services: [], database: null, signal: new AbortController().signal },
    { scratch },
  )
  const expectation = readExpected(join(path, 'expected.json'))
  const judged = new Set([rule, ...(expectation.absent ?? [])])
  const { missing, unexpected } = compareFindings(
    expectation,
    findings.filter((finding) => judged.has(finding.rule)),
  )
  expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] })
})
