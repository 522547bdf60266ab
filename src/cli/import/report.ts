import { basename } from 'node:path'
import { safeLine } from '../../kernel/safe-text.ts'

/** How many there were in the file, how many are new here, how many were here before. */
export type Tally = { read: number; created: number; alreadyThere: number }

/** Something of a file that was left out or altered. */
export type Skipped = { code: string; where: string; reason: string }

export type FileReport = {
  file: string
  conversations: Tally
  messages: Tally
  characters: Tally
  skipped: { count: number; byCode: Record<string, number>; items: Skipped[] }
  /** Why the file could not be read or finished; null when it was. */
  error: { code: string; message: string } | null
}

/** What an import did; `isComplete` is false when it was stopped. */
export type ImportReport = { isComplete: boolean; files: FileReport[] }

const NAMED_AT_MOST = 20

export function emptyReport(file: string): FileReport {
  const tally = (): Tally => ({ read: 0, created: 0, alreadyThere: 0 })
  return {
    file,
    conversations: tally(),
    messages: tally(),
    characters: tally(),
    skipped: { count: 0, byCode: {}, items: [] },
    error: null,
  }
}

/** Notes one thing that was left out or altered. */
export function addSkipped(report: FileReport, skipped: Skipped): void {
  const { code, where, reason } = skipped
  report.skipped.count += 1
  report.skipped.byCode[code] = (report.skipped.byCode[code] ?? 0) + 1
  report.skipped.items.push({ code, where, reason })
}

/** The report for a person: counts per file, reasons counted, the first 20 of a file by name. */
export function describeReport(report: ImportReport): string {
  const files = report.files.map(describeFile)
  const end = report.isComplete
    ? []
    : ['Stopped before the end. Run the same command again: what is here already stays as it is.']
  return [...files, ...end].join('\n')
}

function describeFile(report: FileReport): string {
  const { skipped, error } = report
  const kinds = (['conversations', 'messages', 'characters'] as const).filter((kind) => report[kind].read > 0)
  const nothing = kinds.length === 0 && error === null ? ['  nothing that could be taken over'] : []
  return [
    safeLine(basename(report.file)),
    ...kinds.map((kind) => `  ${kind.padEnd(14)}${describeTally(report[kind])}`),
    ...nothing,
    ...(skipped.count === 0 ? [] : describeSkipped(skipped)),
    ...(error === null ? [] : [`  ${safeLine(error.message)} (${error.code})`]),
  ].join('\n')
}

function describeTally({ read, created, alreadyThere }: Tally): string {
  return `${read} read, ${created} new, ${alreadyThere} already there`
}

function describeSkipped({ count, byCode, items }: FileReport['skipped']): string[] {
  const codes = Object.entries(byCode)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, times]) => `${code} ${times}`)
  const more = count - NAMED_AT_MOST
  return [
    `  left out or altered: ${count} (${codes.join(', ')})`,
    ...items
      .slice(0, NAMED_AT_MOST)
      .map(({ where, reason }) => `    ${safeLine(where)}: ${safeLine(reason)}`),
    ...(more > 0 ? [`    and ${more} more; --json names all of them`] : []),
  ]
}
