import type { LedgerSummary, LiveSummary, LiveTableSummary } from '../finding.ts'
import { counted } from './object-groups.ts'

/** Versions and files of a ledger that a line names; the JSON has all of them. */
const NAMED = 5

/** What a live database is, and how many of its tables files explain. */
export function liveSentence({ address, version, tables }: LiveSummary): string {
  const own = tables.filter(({ tool }) => tool === null)
  const unknown = own.filter(({ explainedBy }) => explainedBy === null).length
  const unlike = own.filter(({ differences }) => differences.length > 0).length
  const whole = own.length - unknown - unlike
  return `PostgreSQL ${version} at ${address} has ${counted(own.length, 'table')}: ${whole} as a file defines them, ${unlike} unlike the nearest definition, ${unknown} in no file.`
}

/** What a migration tool noted, and where that and the files do not agree. */
export function ledgerSentence(ledger: LedgerSummary): string {
  const { tool, schema, name, applied, sources, failed, withoutFile, notApplied } = ledger
  const parts = [
    `${counted(applied, 'migration')} noted as applied`,
    ...partOf('failed', failed),
    ...partOf('applied and without a file', withoutFile),
    ...partOf('not applied', notApplied),
  ]
  const about = sources.length === 0 ? 'no file here is one of them' : `of ${named(sources)}`
  return `${schema}.${name} (${tool}): ${parts.join('; ')}; ${about}.`
}

const partOf = (what: string, items: readonly string[]) =>
  items.length === 0 ? [] : [`${items.length} ${what} (${named(items)})`]

function named(items: readonly string[]): string {
  const more = items.length - NAMED
  return `${items.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** What a line of the table of live tables says. */
export type LiveRow = { table: string; explainedBy: string; rows: string; size: string; isUnlike: boolean }

/** What nothing explains first, then what is unlike its file, then the rest; of each the largest first. */
export function liveRows({ tables }: LiveSummary): LiveRow[] {
  return tables
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (b.bytes ?? 0) - (a.bytes ?? 0))
    .map((table) => ({
      table: `${table.schema}.${table.name}`,
      explainedBy: explanationOf(table),
      rows: rowsOf(table),
      size: table.bytes === null ? '' : sizeOf(table.bytes),
      isUnlike: rankOf(table) < 2,
    }))
}

function rankOf({ tool, explainedBy, differences }: LiveTableSummary): number {
  if (tool !== null) return 3
  if (explainedBy === null) return 0
  return differences.length > 0 ? 1 : 2
}

function explanationOf({ tool, explainedBy, differences }: LiveTableSummary): string {
  if (explainedBy === null) return tool === null ? 'no file' : `kept by ${tool}`
  const place = `${explainedBy.file}:${explainedBy.line}`
  return differences.length === 0 ? place : `${place}, but for ${counted(differences.length, 'difference')}`
}

/** `1,204 rows`; `about` where the server estimates them. */
function rowsOf({ rows, isCounted }: LiveTableSummary): string {
  if (rows === null) return 'rows unknown'
  return `${isCounted ? '' : 'about '}${counted(rows, 'row')}`
}

/** `16 kB`, `1.2 GB`, by powers of 1024 as the server's own sizes. */
export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[power]!}`
}
