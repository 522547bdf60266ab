import { toRobbieError } from '../db/sql-error.ts'
import { toProblem } from '../doors/problem.ts'
import { ConfigError } from '../kernel/config.ts'
import type { RobbieError } from '../kernel/errors.ts'
import { safeJson, safeLine } from '../kernel/safe-text.ts'
import { cliErrors } from './cli.errors.ts'
import { kebab } from './flags.ts'

export const EXIT = { ok: 0, failure: 1, usage: 2 } as const

/** Codes of errors that say that what was asked for cannot be meant. */
export const USAGE_CODES: ReadonlySet<string> = new Set([
  'USAGE',
  'INVALID_INPUT',
  'PATH_NOT_FOUND',
  'NO_SQL_FOUND',
  'BASELINE_NOT_FOUND',
])

/** The exit code of an error: 2 when the command was not understood, 1 for everything else. */
export function exitCodeOf(error: RobbieError): number {
  return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failure
}

/** What was thrown, as an error that can be shown; errors of the layers below that are not `RobbieError` keep their text. */
export function toShown(error: unknown): RobbieError {
  if (error instanceof ConfigError) return cliErrors.USAGE({ message: error.message, cause: error })
  const coded = error as { code?: unknown; message?: string; holder?: { pid: number; command: string } }
  if (coded.code === 'HOME_IN_USE' && coded.holder) {
    const { pid, command } = coded.holder
    return cliErrors.HOME_IN_USE({ message: coded.message!, data: { pid, command }, cause: error })
  }
  return toRobbieError(error)
}

/** The error as a problem document on one line, the same as over HTTP. */
export function problemJson(error: RobbieError, requestId: string): string {
  return safeJson(toProblem(error, requestId))
}

/** The error in one or two lines for a person, ending with what to do next. */
export function explain(error: RobbieError, about: { command: string | null; requestId: string }): string {
  const [first, ...others] = error.fields.map(({ path, message }) => `${flagOf(path)}: ${message}`)
  const more = others.length > 2 ? `; and ${others.length - 2} more` : ''
  const text = first === undefined ? error.message : [first, ...others.slice(0, 2)].join('; ') + more
  const lines = [`robbieverse: ${safeLine(text)} (${error.code})`]
  const isUsage = error.code === 'USAGE' || error.code === 'INVALID_INPUT'
  if (isUsage && about.command !== null) lines.push(`See: robbieverse ${safeLine(about.command)} --help`)
  else if (error.code === 'INTERNAL' || error.code === 'DATABASE_UNAVAILABLE') {
    lines.push(causeOf(error) ?? `Request id: ${about.requestId}`)
  }
  return lines.join('\n')
}

function flagOf(path: string): string {
  const [field, ...rest] = path.split('.')
  return field === '' || field === undefined ? 'input' : [`--${kebab(field)}`, ...rest].join('.')
}

/** Only errors of this process have a cause; a server keeps its own. */
function causeOf(error: RobbieError): string | null {
  return error.cause instanceof Error ? `Cause: ${safeLine(error.cause.message)}` : null
}
