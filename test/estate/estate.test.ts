import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import type { Analysis } from '../../src/estate/analyse/finding.ts'
import { analyse } from '../../src/estate/analyse/index.ts'
import { analysisSchema } from '../../src/estate/analyse/report/analysis-schema.ts'
import { Scratch } from '../../src/estate/analyse/scratch/scratch.ts'
import { compareFindings, readExpected } from './expected-findings.ts'

const GOLDEN = join(import.meta.dirname, '../golden/analyse')
const ESTATE = join(GOLDEN, 'estate')
const expectation = readExpected(join(GOLDEN, 'estate.expected.json'))

let scratch: Scratch
let analysis: Analysis

const look = (paths: string[], services: string[]) =>
  analyse({ paths, services, database: null, signal: new AbortController().signal }, { scratch })

beforeAll(async () => {
  scratch = new Scratch()
  analysis = await look([ESTATE], [join(ESTATE, 'services')])
})
afterAll(() => scratch.close())

it('finds everything in the estate that has to be found, and nothing else', () => {
  const { missing, unexpected, right } = compareFindings(expectation, analysis.findings)
  expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] })
  expect(right).toBeGreaterThanOrEqual(expectation.expected.length)
})

it('tells no other competing definitions than there are', () => {
  const rule = 'competing-definition'
  const found = analysis.findings.filter((finding) => finding.rule === rule)
  const wanted = expectation.expected.filter((one) => one.rule === rule)
  const names = (some: { object: { schema: string; name: string } }[]) =>
    some.map(({ object }) => `${object.schema}.${object.name}`).toSorted()
  expect(names(found)).toEqual(names(wanted))
})

it('folds what follows below its cause: nothing that failed is told twice', () => {
  const told = analysis.findings.flatMap(({ consequences }) =>
    consequences.map(({ file, line, message }) => `${file}:${line} ${message}`),
  )
  expect(told.length).toBeGreaterThan(20)
  expect(told.filter((one, at) => told.indexOf(one) !== at)).toEqual([])
})

it('is in the documented form, and its plan leaves out nothing that has to be done', () => {
  expect(analysisSchema.parse(analysis)).toEqual(analysis)
  const planned = new Set(
    analysis.plan.flatMap(({ rules, objects }) =>
      rules.flatMap((rule) => objects.map(({ kind, name }) => `${rule} ${kind} ${name}`)),
    ),
  )
  const all = analysis.findings.filter(({ rule }) => rule !== 'homonym')
  expect(all.map(({ rule, object }) => `${rule} ${object.kind} ${object.name}`)).toSatisfy(
    (names: string[]) => names.every((name) => planned.has(name)),
  )
})

it('is the same again, whatever order folders are given in and wherever it is asked', async () => {
  const { findings, plan, summary } = analysis
  const same = { findings, plan, summary }
  expect(await look([ESTATE], [join(ESTATE, 'services')])).toMatchObject(same)
  const parts = ['database', 'backend'].map((name) => join(ESTATE, name))
  const one = await look([...parts, ESTATE], [join(ESTATE, 'services')])
  const other = await look([ESTATE, ...parts.toReversed()], [join(ESTATE, 'services')])
  expect(one).toMatchObject(same)
  expect(other).toMatchObject(same)
  const before = process.cwd()
  process.chdir(join(ESTATE, 'database'))
  try {
    expect(await look(['..'], [join('..', 'services')])).toMatchObject(same)
  } finally {
    process.chdir(before)
  }
})
