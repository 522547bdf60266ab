import type { Estate } from '../estate.ts'
import type { LedgerSummary, LiveSummary, LiveTableSummary } from '../finding.ts'
import { byCodePoint } from '../code-point-order.ts'
import { keyOf } from '../simulate/state.ts'
import { explain } from './explain.ts'
import { ledgerFilesOf, type LedgerFiles } from './ledger-files.ts'
import { isOfMigrationTool, kindOfLedger } from './ledger-kinds.ts'
import type { LiveTable } from './live-database.ts'

/** What the report tells of the live database; null where there is none. */
export function liveSummaryOf(estate: Estate): LiveSummary | null {
  const { live, sources } = estate
  if (!live) return null
  const explanations = explain(estate)
  const tables = [...live.tables.values()].filter(({ isPartition }) => !isPartition)
  return {
    address: live.address,
    version: live.version,
    tables: tables
      .toSorted((a, b) => byCodePoint(a.schema, b.schema) || byCodePoint(a.name, b.name))
      .map((table) => summaryOf(table, explanations)),
    ledgers: ledgerFilesOf(live.ledgers, sources).map(ledgerOf),
  }
}

/** A line where files and database have nothing in common: it may be the wrong one. */
export function strangeness({ live, variants }: Estate): string[] {
  if (!live || live.tables.size === 0 || variants.size === 0) return []
  if ([...variants.keys()].some((key) => live.tables.has(key))) return []
  return [`database: ${live.address} has no table that the files define. Is it the right one?`]
}

function summaryOf(live: LiveTable, explanations: ReturnType<typeof explain>): LiveTableSummary {
  const { schema, name, rows, isCounted, bytes } = live
  const explanation = explanations.get(keyOf(live))
  const columns = live.columns.map((column) => column.name)
  const place = explanation?.variant.table.place
  return {
    schema,
    name,
    rows,
    isCounted,
    bytes,
    explainedBy: place ? { source: explanation!.variant.source, file: place.file, line: place.line } : null,
    differences: explanation?.differences ?? [],
    tool: kindOfLedger(live, columns)?.tool ?? (isOfMigrationTool(live, columns) ? 'a migration tool' : null),
  }
}

function ledgerOf({ ledger, failed, sources, withoutFile, notApplied }: LedgerFiles): LedgerSummary {
  const { tool, schema, name, claims } = ledger
  const applied = claims.filter(({ state }) => state === 'applied').length
  return { tool, schema, name, applied, failed, sources, withoutFile, notApplied }
}
