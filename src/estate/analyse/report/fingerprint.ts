import { createHash } from 'node:crypto'

import { byCodePoint, byKeys } from '../code-point-order.ts'
import type { Finding } from '../finding.ts'
import { objectKey } from './object-groups.ts'

/**
 * A name for each finding that stays when lines move or files grow: SHA-256 of rule, object and difference, in
 * hexadecimal. Findings that are alike in all three are numbered in the order of their files, so that one more of them
 * is a new one.
 */
export function fingerprintsOf(findings: readonly Finding[]): Map<Finding, string> {
  const alike = Map.groupBy(findings, (finding) =>
    JSON.stringify([finding.rule, objectKey(finding.object), differenceOf(finding)]),
  )
  const named = [...alike].flatMap(([said, same]) =>
    same.toSorted(byPlace).map((finding, index) => {
      const hash = createHash('sha256').update(index === 0 ? said : `${said}#${index + 1}`)
      return [finding, hash.digest('hex')] as const
    }),
  )
  return new Map(named)
}

const byPlace = byKeys<Finding>(
  (a, b) => byCodePoint(a.locations[0]?.file ?? '', b.locations[0]?.file ?? ''),
  (a, b) => (a.locations[0]?.line ?? 0) - (b.locations[0]?.line ?? 0),
)

/** The details without lines, in an order of their own; the message where there are none. */
function differenceOf({ details, message, locations, consequences }: Finding): string[] {
  const files = new Set([...locations, ...consequences].map(({ file }) => file))
  const said = details.length > 0 ? details : [message]
  return said.map((text) => withoutLines(text, files)).toSorted(byCodePoint)
}

function withoutLines(text: string, files: ReadonlySet<string>): string {
  let plain = text.replaceAll(/\blines? \d+(?:(?:, | and |-)\d+)*/g, 'line')
  for (const file of files)
    plain = plain.replaceAll(new RegExp(`${RegExp.escape(file)}:\\d+`, 'g'), () => file)
  return plain
}
