import type { Analysis, Finding } from '../../src/estate/analyse/finding.ts'
import { matrixOf, type SourceTables } from '../../src/estate/analyse/report/matrix.ts'
import { countSeverities } from '../../src/estate/analyse/report/object-groups.ts'
import { planOf } from '../../src/estate/analyse/report/plan.ts'

/** A finding about `public.companies`, with what a test wants to be different. */
export function findingOf(over: Partial<Finding> = {}): Finding {
  return {
    rule: 'competing-definition',
    severity: 'critical',
    confidence: 'read',
    object: { kind: 'table', schema: 'public', name: 'companies' },
    locations: [
      { file: 'crm/04-business.sql', line: 12 },
      { file: 'tenants/11-town-companies.sql', line: 3 },
    ],
    message: 'companies is defined twice, and the definitions contradict each other',
    details: ['id: integer in crm/04-business.sql:13, uuid in tenants/11-town-companies.sql:4'],
    consequences: [],
    fix: 'Keep one of them and move the rows of the other.',
    ...over,
  }
}

/** An analysis of these findings, as the analyser puts one together. */
export function analysisOf(findings: Finding[], sources: SourceTables[] = []): Analysis {
  const { plan, first } = planOf(findings)
  const files = [...new Set(findings.flatMap(({ locations }) => locations.map(({ file }) => file)))]
  return {
    version: 1,
    summary: {
      files: files.length,
      statements: 1204,
      tables: 96,
      findings: countSeverities(findings),
      first,
      incomplete: [],
    },
    sources: [...Map.groupBy(files, (file) => file.split('/')[0]!)].map(([name, own]) => ({
      name,
      kind: 'folder' as const,
      files: own,
      statements: own.length * 10,
      failed: 1,
      tables: own.length,
    })),
    findings,
    matrix: matrixOf(sources),
    plan,
    live: null,
  }
}

/** What a user's files may hold to break out of a report: markup, terminal commands, table cells, code fences. */
export const HOSTILE =
  '</script><img src=x onerror="document.title=1">\u001b[2J\u009b31m | `code` ``` [x](http://x.example) <!-- \r\n # & \u202e'

/** A small estate with every part of a report in it. */
export function smallEstate(): Analysis {
  const policy = { kind: 'policy' as const, schema: 'public', name: 'notes_read' }
  const analysis = analysisOf(
    [
      findingOf({
        consequences: Array.from({ length: 100 }, (_, index) => ({
          file: 'crm/05-more.sql',
          line: index + 1,
          message: `foreign key contacts_${index}_company_id_fkey cannot be implemented`,
        })),
      }),
      findingOf({
        rule: 'money-as-float',
        severity: 'warning',
        message: 'amount is real',
        details: [],
        fix: 'Use numeric(12,2).',
      }),
      findingOf({
        rule: 'secret-in-sql',
        object: { kind: 'file', schema: '', name: 'setup/roles.sql' },
        locations: [{ file: 'setup/roles.sql', line: 7 }],
        message: 'a password stands in the text',
        details: [],
      }),
      findingOf({
        rule: 'invalid-statement',
        confidence: 'proven',
        object: policy,
        locations: [{ file: 'crm/12-privacy.sql', line: 1 }],
        message: `create policy if not exists is no statement of PostgreSQL ${HOSTILE}`,
        details: [HOSTILE],
        fix: HOSTILE,
      }),
      findingOf({
        rule: 'homonym',
        severity: 'info',
        confidence: 'guessed',
        object: { kind: 'table', schema: 'ops', name: 'audit_log' },
        locations: [
          { file: 'ops/audit.sql', line: 5 },
          { file: 'crm/01-core.sql', line: 80 },
        ],
        message: 'audit_log is the name of a table in public too',
        details: [],
        fix: '',
      }),
    ],
    [
      {
        source: 'crm',
        tables: [
          {
            schema: 'public',
            name: 'companies',
            columns: [
              { name: 'id', type: 'integer' },
              { name: 'name', type: 'text' },
            ],
          },
          { schema: 'public', name: 'only_here', columns: [] },
        ],
      },
      {
        source: 'tenants',
        tables: [
          {
            schema: 'public',
            name: 'companies',
            columns: [
              { name: 'id', type: 'uuid' },
              { name: 'name', type: 'text' },
              { name: '<b>', type: HOSTILE },
            ],
          },
        ],
      },
    ],
  )
  analysis.summary.incomplete.push('crm/dump.sql: 50 MB in one line; classified by its first words')
  return analysis
}

/** Hundreds of tables, each defined by two files that contradict each other and with a warning beside it. */
export function largeEstate(tables: number): Analysis {
  const findings = Array.from({ length: tables }, (_, index) => {
    const object = { kind: 'table' as const, schema: 'public', name: `table_${index}` }
    const locations = [
      { file: `a/${index % 20}.sql`, line: index + 1 },
      { file: `b/${index % 30}.sql`, line: index + 1 },
    ]
    const consequences = Array.from({ length: index % 7 }, (_, number) => ({
      file: `a/${number}.sql`,
      line: number + 1,
      message: `relation table_${index} does not fit`,
    }))
    return [
      findingOf({ object, locations, consequences }),
      findingOf({ object, locations, rule: 'timestamp-zone-mixed', severity: 'warning' }),
    ]
  })
  return analysisOf(findings.flat())
}
