import { readFileSync } from 'node:fs'

import type { Finding, ObjectRef } from '../../src/estate/analyse/finding.ts'

/** What an analysis has to find; the form is told in test/golden/analyse/README.md. */
export type Expectation = {
  rule: string
  object: ObjectRef
  or?: ObjectRef[]
  files: string[]
  minConsequences?: number
  /** Each is the beginning of one of its details. */
  details?: string[]
  note: string
}
/** What may be found or not, for a reason. */
export type Allowance = { rule: string; objects: ObjectRef[]; reason: string }
export type ExpectedFindings = { expected: Expectation[]; allowed: Allowance[]; absent?: string[] }

export function readExpected(file: string): ExpectedFindings {
  return JSON.parse(readFileSync(file, 'utf8')) as ExpectedFindings
}

/** What was expected and not found, and what was found and neither expected nor allowed; each as one readable line. */
export function compareFindings(
  { expected, allowed }: ExpectedFindings,
  findings: Finding[],
): { missing: string[]; unexpected: string[]; right: number } {
  const missing = expected.filter((one) => !findings.some((finding) => isMet(one, finding)))
  const right = findings.filter((finding) => expected.some((one) => isAbout(one, finding)))
  const unexpected = findings.filter(
    (finding) =>
      !right.includes(finding) && !allowed.some(({ rule, objects }) => isOneOf(rule, objects, finding)),
  )
  return {
    missing: missing.map(
      ({ rule, object, files, note }) => `${rule} ${textOf(object)} in ${files.join(', ')}: ${note}`,
    ),
    unexpected: unexpected.map(
      ({ rule, object, locations, message }) =>
        `${rule} ${textOf(object)} in ${locations.map(({ file }) => file).join(', ')}: ${message}`,
    ),
    right: right.length,
  }
}

function isMet(one: Expectation, finding: Finding): boolean {
  const files = new Set(finding.locations.map(({ file }) => file))
  const isEnough = finding.consequences.length >= (one.minConsequences ?? 0)
  return isAbout(one, finding) && isEnough && one.files.every((file) => files.has(file))
}

function isAbout({ rule, object, or = [] }: Expectation, finding: Finding): boolean {
  return isOneOf(rule, [object, ...or], finding)
}

function isOneOf(rule: string, objects: ObjectRef[], finding: Finding): boolean {
  return rule === finding.rule && objects.some((object) => isSame(object, finding.object))
}

function isSame(expected: ObjectRef, found: ObjectRef): boolean {
  const fits = (want: string, is: string) => want === '*' || want === is
  return (
    expected.kind === found.kind && fits(expected.schema, found.schema) && fits(expected.name, found.name)
  )
}

const textOf = ({ kind, schema, name }: ObjectRef) => `${kind} ${schema === '' ? '' : `${schema}.`}${name}`
