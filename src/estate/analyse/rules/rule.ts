import type { Estate } from '../estate.ts'
import type { Confidence, Consequence, Finding, Location, ObjectRef, Severity } from '../finding.ts'
import type { Failed } from '../scratch/execute.ts'
import type { Place } from '../simulate/state.ts'
import { byCodePoint } from '../code-point-order.ts'

/**
 * When in the plan findings are dealt with. `object` makes a step of its own for each object, the others one for each
 * rule; what is `none` needs nothing done.
 */
export const PHASES = [
  'secrets',
  'object',
  'order',
  'services',
  'policies',
  'functions',
  'types',
  'indexes',
  'cluster',
  'live',
  'copies',
  'none',
] as const
export type Phase = (typeof PHASES)[number]

/** One thing to look for. Its page is `docs/rules/ID.md`. */
export type Rule = {
  /** As in `competing-definition`. */
  id: string
  severity: Severity
  confidence: Confidence
  /** What is wrong, in a sentence. */
  summary: string
  /** Why that matters, in a sentence. */
  why: string
  /** What to do about it, unless a finding says it better. */
  fix: string
  phase: Phase
  /** What a step of the plan calls it: `what('table')` is the object where there is one, else `12 tables`. */
  action: (what: (one: string, many?: string) => string) => string
  check(estate: Estate): Found[]
}

/** What a rule says of one object; the rest of the finding is the rule's. */
export type Found = {
  object: ObjectRef
  places: { file: string; line: number }[]
  message: string
  details?: string[]
  consequences?: Consequence[]
  fix?: string
  severity?: Severity
  confidence?: Confidence
}

/** The findings of a rule: one an object, in the order of names. */
export function findingsOf(rule: Rule, estate: Estate): Finding[] {
  return rule
    .check(estate)
    .map((found) => ({
      rule: rule.id,
      severity: found.severity ?? rule.severity,
      confidence: found.confidence ?? rule.confidence,
      object: found.object,
      locations: locationsOf(found.places),
      message: found.message,
      details: found.details ?? [],
      consequences: found.consequences ?? [],
      fix: found.fix ?? rule.fix,
    }))
    .toSorted(
      (a, b) =>
        byCodePoint(a.object.schema, b.object.schema) ||
        byCodePoint(a.object.name, b.object.name) ||
        byCodePoint(a.message, b.message),
    )
}

function locationsOf(places: Found['places']): Location[] {
  const seen = new Map(places.map(({ file, line }) => [`${file}:${line}`, { file, line }]))
  return [...seen.values()]
}

/** Places as a reader would name them. */
export const at = ({ file, line }: Location | Place): string => `${file}:${line}`

/** Statements that failed, as consequences. */
export function consequencesOf(failed: Failed[]): Consequence[] {
  return failed
    .toSorted((a, b) => a.at - b.at)
    .map(({ place, failure }) => ({ file: place.file, line: place.line, message: failure.message }))
}

/** `1 table`, `3 tables` */
export const count = (number: number, thing: string, things = `${thing}s`): string =>
  `${number} ${number === 1 ? thing : things}`

/** The first of many, as `a, b, c and 4 more`. */
export function listed(items: string[], most = 6): string {
  const rest = items.length - most
  if (rest > 0) return `${items.slice(0, most).join(', ')} and ${rest} more`
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** A table as a reference. */
export const tableRef = ({ schema, name }: { schema: string; name: string }): ObjectRef => ({
  kind: 'table',
  schema,
  name,
})
