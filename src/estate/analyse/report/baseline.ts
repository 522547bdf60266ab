import * as z from 'zod'

import { analyseErrors } from '../analyse.errors.ts'
import { byCodePoint, byKeys } from '../code-point-order.ts'
import type { Analysis } from '../finding.ts'
import { fingerprintsOf } from './fingerprint.ts'
import { countSeverities, objectText } from './object-groups.ts'
import { planAgain } from './plan.ts'

const acceptedSchema = z.object({
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  rule: z.string(),
  object: z.string(),
  message: z.string(),
})
const baselineSchema = z.object({ version: z.literal(1), accepted: z.array(acceptedSchema) })

/** Findings that are accepted as they are. Only the fingerprint counts; the rest is for whoever reads the file. */
export type Baseline = z.infer<typeof baselineSchema>

/** Text of a baseline that accepts all these findings; the same findings make the same text. Ends with a newline. */
export function writeBaseline({ findings }: Pick<Analysis, 'findings'>): string {
  const accepted = [...fingerprintsOf(findings)].map(([{ rule, object, message }, fingerprint]) => ({
    fingerprint,
    rule,
    object: objectText(object),
    message,
  }))
  const order = byKeys<(typeof accepted)[number]>(
    (a, b) => byCodePoint(a.rule, b.rule),
    (a, b) => byCodePoint(a.object, b.object),
    (a, b) => byCodePoint(a.fingerprint, b.fingerprint),
  )
  const baseline: Baseline = { version: 1, accepted: accepted.toSorted(order) }
  return `${JSON.stringify(baseline, null, 2)}\n`
}

/** Reads what `writeBaseline` wrote. Throws BASELINE_INVALID. */
export function readBaseline(text: string): Baseline {
  try {
    return baselineSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw analyseErrors.BASELINE_INVALID({ cause })
  }
}

/** The analysis without what the baseline accepts: counts and plan are of the rest, and what it hides is counted. */
export function applyBaseline(analysis: Analysis, baseline: Baseline): Analysis {
  const accepted = new Map(baseline.accepted.map((entry) => [entry.fingerprint, entry]))
  const fingerprints = fingerprintsOf(analysis.findings)
  const findings = analysis.findings.filter((finding) => !accepted.has(fingerprints.get(finding)!))
  const present = new Set(fingerprints.values())
  const stale = [...accepted.values()]
    .filter(({ fingerprint }) => !present.has(fingerprint))
    .map(({ rule, object, message }) => `${rule}: ${object}: ${message}`)
  const { plan, first } = planAgain(findings, analysis.plan)
  const hidden = analysis.findings.length - findings.length
  const counts = countSeverities(findings)
  const summary = { ...analysis.summary, findings: counts, first, baseline: { hidden, stale } }
  return { ...analysis, summary, findings, plan }
}
