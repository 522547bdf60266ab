import { byCodePoint, byKeys } from '../code-point-order.ts'
import { SEVERITIES, type Finding, type ObjectRef, type Severity } from '../finding.ts'

/** All findings of one object, worst first. */
export type ObjectGroup = { object: ObjectRef; worst: Severity; blocks: number; findings: Finding[] }

/** Kinds whose names stand in no schema. */
const BARE: readonly ObjectRef['kind'][] = [
  'schema',
  'extension',
  'role',
  'database',
  'migration',
  'source',
  'file',
  'statement',
]

/** As in `table public.companies`; what stands in no schema has its name alone. */
export function objectText({ kind, schema, name }: ObjectRef): string {
  return schema === '' || BARE.includes(kind) ? `${kind} ${name}` : `${kind} ${schema}.${name}`
}

/** Tells objects apart; not for reading. */
export function objectKey({ kind, schema, name }: ObjectRef): string {
  return JSON.stringify([kind, schema, name])
}

/** By schema, name and kind. */
export const byObject = byKeys<ObjectRef>(
  (a, b) => byCodePoint(a.schema, b.schema),
  (a, b) => byCodePoint(a.name, b.name),
  (a, b) => byCodePoint(a.kind, b.kind),
)

/** Smaller is worse. */
export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

/** Worst first, then what most goes wrong for, then by rule and place. */
export const byWeight = byKeys<Finding>(
  (a, b) => rankOf(a.severity) - rankOf(b.severity),
  (a, b) => b.consequences.length - a.consequences.length,
  (a, b) => byCodePoint(a.rule, b.rule),
  (a, b) => byObject(a.object, b.object),
  (a, b) => byCodePoint(a.locations[0]?.file ?? '', b.locations[0]?.file ?? ''),
  (a, b) => (a.locations[0]?.line ?? 0) - (b.locations[0]?.line ?? 0),
  (a, b) => byCodePoint(a.message, b.message),
)

/** Findings put together by object: the worst object first, then the one that most goes wrong for. */
export function groupByObject(findings: readonly Finding[]): ObjectGroup[] {
  const groups = Map.groupBy(findings, ({ object }) => objectKey(object))
  return [...groups.values()]
    .map((found) => {
      const sorted = found.toSorted(byWeight)
      const blocks = found.reduce((sum, { consequences }) => sum + consequences.length, 0)
      return { object: sorted[0]!.object, worst: sorted[0]!.severity, blocks, findings: sorted }
    })
    .toSorted(
      byKeys<ObjectGroup>(
        (a, b) => rankOf(a.worst) - rankOf(b.worst),
        (a, b) => b.blocks - a.blocks,
        (a, b) => byObject(a.object, b.object),
      ),
    )
}

/** Counts of findings by severity. */
export function countSeverities(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { critical: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}

/** `1 statement`, `2 statements`; thousands with a comma. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? one : many}`
}
