import * as z from 'zod'

// The parts of SARIF 2.1.0 (OASIS, sections 3.13 to 3.58) that we write, as strictly as the standard has them: a property
// of another name is refused, and so is what must be there and is not.

const message = z.strictObject({ text: z.string().min(1) })
const multiformat = z.strictObject({ text: z.string().min(1), markdown: z.string().optional() })
const level = z.enum(['none', 'note', 'warning', 'error'])

/** A URI reference (RFC 3986): nothing that must be percent-encoded stands raw. */
const uri = z.string().regex(/^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/)

const physicalLocation = z.strictObject({
  artifactLocation: z.strictObject({ uri, uriBaseId: z.string().optional() }),
  region: z.strictObject({ startLine: z.int().min(1) }),
})

const location = z.strictObject({
  id: z.int().min(-1).optional(),
  physicalLocation,
  logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() })).optional(),
  message: message.optional(),
})

const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(-1),
  level,
  message,
  locations: z.array(location),
  relatedLocations: z.array(location).refine(areUnique, 'relatedLocations are unique'),
  partialFingerprints: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.unknown()),
})

const rule = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  shortDescription: multiformat,
  fullDescription: multiformat,
  help: multiformat,
})

export const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(rule).refine(areUnique, 'rules are unique'),
        }),
      }),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(z.strictObject({ level, message })),
        }),
      ),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(result),
    }),
  ),
})

function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item))).size === items.length
}
