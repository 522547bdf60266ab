import type { Estate } from '../estate.ts'
import { SEVERITIES, type Analysis, type Finding } from '../finding.ts'
import type { Source } from '../inventory/estate-file.ts'
import { shortType } from '../inventory/type-text.ts'
import { liveSummaryOf, strangeness } from '../live/live-summary.ts'
import type { LiveLook } from '../live/look-live.ts'
import { judge } from '../rules/index.ts'
import { tableRef } from '../rules/rule.ts'
import type { Simulated, TableState } from '../simulate/state.ts'
import { matrixOf, type SourceTables } from './matrix.ts'
import { planOf, type Need } from './plan.ts'

/** An estate with its findings, as reports have it. */
export function reportOf(estate: Estate, { incomplete, failed }: Omit<LiveLook, 'live'>): Analysis {
  const findings = judge(estate)
  const { plan, first } = planOf(findings, needsOf(estate))
  const countOf = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length
  return {
    version: 1,
    summary: {
      files: estate.files.length,
      statements: estate.files.reduce((sum, { statements }) => sum + statements.length, 0),
      tables: estate.variants.size,
      findings: Object.fromEntries(
        SEVERITIES.map((severity) => [severity, countOf(severity)]),
      ) as Analysis['summary']['findings'],
      first,
      incomplete: [...incomplete, ...strangeness(estate)],
      ...(failed.length === 0 ? {} : { failed }),
    },
    sources: estate.sources.map((source, at) => summaryOf(source, estate, at)),
    findings,
    matrix: matrixOf(estate.simulated.map(tablesOf)),
    plan,
    live: liveSummaryOf(estate),
  }
}

/** Which table has to be there before which: by their foreign keys. */
function needsOf({ variants }: Estate): Need[] {
  return [...variants.values()].flat().flatMap(({ table }) =>
    table.keys.flatMap(({ target }) => {
      const referred = target === null ? undefined : variants.get(target)?.[0]?.table
      return referred && referred.name !== table.name
        ? { object: tableRef(table), needs: tableRef(referred) }
        : []
    }),
  )
}

function tablesOf({ source, tables }: Simulated): SourceTables {
  const columnsOf = ({ columns }: TableState) =>
    [...columns.values()].map(({ name, type }) => ({ name, type: shortType(type) }))
  return {
    source,
    tables: [...tables.values()].map((table) => ({
      schema: table.schema,
      name: table.name,
      columns: columnsOf(table),
    })),
  }
}

function summaryOf(
  source: Source,
  { executions, simulated }: Estate,
  at: number,
): Analysis['sources'][number] {
  return {
    name: source.name,
    kind: source.kind,
    files: source.files.map(({ path }) => path),
    statements: source.files.reduce((sum, { statements }) => sum + statements.length, 0),
    failed: executions[at]?.failed.length ?? null,
    tables: simulated[at]!.tables.size,
  }
}
