import * as z from 'zod'

import { SEVERITIES, type Analysis } from '../finding.ts'

const count = z.int().min(0)
const severity = z
  .enum(SEVERITIES)
  .describe('critical loses data or stops a deploy, warning will bite somebody.')

const object = z
  .strictObject({
    kind: z.enum([
      'table',
      'view',
      'function',
      'type',
      'sequence',
      'index',
      'trigger',
      'policy',
      'schema',
      'extension',
      'role',
      'database',
      'migration',
      'source',
      'file',
      'statement',
    ]),
    schema: z.string().describe('public unless the source says otherwise; empty for what has none.'),
    name: z.string(),
  })
  .meta({ id: 'Object', description: 'What a finding is about.' })

const place = {
  file: z.string().describe('Path as it was reached from what was given.'),
  line: z.int().min(1),
}
const location = z.strictObject(place).meta({ id: 'Location' })
const consequence = z.strictObject({ ...place, message: z.string() }).meta({
  id: 'Consequence',
  description: 'What went wrong because of the finding, and would not without it.',
})

const finding = z
  .strictObject({
    rule: z.string(),
    severity,
    confidence: z
      .enum(['proven', 'read', 'guessed'])
      .describe('proven by running it, read from the text, or guessed from likeness.'),
    object,
    locations: z.array(location).describe('The place to look at first comes first.'),
    message: z.string(),
    details: z.array(z.string()).describe('Differences, one each.'),
    consequences: z.array(consequence),
    fix: z.string(),
  })
  .meta({ id: 'Finding' })

const summary = z.strictObject({
  files: count,
  statements: count,
  tables: count,
  findings: z.strictObject({ critical: count, warning: count, info: count }),
  first: z.array(z.string()).max(5).describe('What to do first.'),
  incomplete: z.array(z.string()).describe('What could not be looked at, and why.'),
  failed: z
    .exactOptional(z.array(z.string()))
    .describe('Error codes of inputs that failed as a whole; left out when none did.'),
  baseline: z
    .exactOptional(
      z.strictObject({
        hidden: count.describe('Findings that the baseline accepts.'),
        stale: z.array(z.string()).describe('What it accepts and what is no longer found.'),
      }),
    )
    .describe('Only where a baseline was given.'),
})

const source = z
  .strictObject({
    name: z.string(),
    kind: z.enum(['migrations', 'folder', 'script']),
    files: z.array(z.string()).describe('In the order in which they would be applied.'),
    statements: count,
    failed: count.nullable().describe('Statements that failed in the scratch database; null: not run.'),
    tables: count,
  })
  .meta({ id: 'Source' })

const columns = z.record(z.string(), z.string()).describe('Types by column.')

const liveTable = z
  .strictObject({
    schema: z.string(),
    name: z.string(),
    rows: count.nullable().describe('Null where they are not known.'),
    isCounted: z.boolean().describe("Rows were counted; otherwise they are the server's estimate."),
    bytes: count.nullable().describe('With its indexes.'),
    explainedBy: z
      .strictObject({ source: z.string(), ...place })
      .nullable()
      .describe('The definition that comes nearest to it; null where no file defines it.'),
    differences: z.array(z.string()).describe('In what it is not as defined, one each.'),
    tool: z.string().nullable().describe('Migration tool whose own table it is.'),
  })
  .meta({ id: 'LiveTable' })

const ledger = z
  .strictObject({
    tool: z.string(),
    schema: z.string(),
    name: z.string(),
    applied: count,
    failed: z.array(z.string()).describe('Versions that were begun and did not end well.'),
    sources: z.array(z.string()).describe('Sources whose files it notes.'),
    withoutFile: z.array(z.string()).describe('Versions noted as applied that no file of these sources has.'),
    notApplied: z.array(z.string()).describe('Numbered files of these sources that it does not note.'),
  })
  .meta({ id: 'Ledger', description: 'A table in which a migration tool notes what it ran.' })

const live = z
  .strictObject({
    address: z.string().describe('Host, port and name of the database.'),
    version: z.string().describe('Of its server.'),
    tables: z.array(liveTable).describe('Parts of partitioned tables are counted with the whole.'),
    ledgers: z.array(ledger),
  })
  .nullable()
  .describe('What the database of --database has; null without it, and where it could not be read.')

/** The form of `robbieverse analyze --format json`; `docs/reference/analysis.schema.gen.json` is made of it. */
export const analysisSchema = z.strictObject({
  version: z.literal(1),
  summary,
  sources: z.array(source),
  findings: z.array(finding),
  matrix: z
    .strictObject({
      sources: z.array(z.string()),
      rows: z.array(z.strictObject({ object, sources: z.record(z.string(), columns.nullable()) })),
    })
    .describe('What each source says of the tables that more than one of them has.'),
  plan: z
    .array(
      z.strictObject({
        step: z.int().min(1),
        title: z.string(),
        rules: z.array(z.string()),
        objects: z.array(object),
        why: z.string(),
      }),
    )
    .describe('In an order in which nothing needs a later step.'),
  live,
}) satisfies z.ZodType<Analysis>

/** The JSON Schema of a report, draft 2020-12. */
export function analysisJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(analysisSchema)
  return { $schema, title: 'What robbieverse analyze found', ...schema }
}
