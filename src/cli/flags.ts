import { cliErrors } from './cli.errors.ts'
import { nearest } from './nearest.ts'

/** A flag that a command knows. `name` is camelCase; it may be typed like that or in kebab-case. */
export type Flag = {
  name: string
  /** `switch` needs no value (`--json`, `--no-json`, `--json=false`); `list` may be given several times. */
  kind: 'value' | 'switch' | 'list'
  summary: string
  /** What stands for the value in help, as in NUMBER. */
  placeholder?: string
}

/** Flags by their camelCase name, as the texts that were given, and everything that is not a flag. */
export type ParsedFlags = { values: Map<string, string[]>; positionals: string[] }

/**
 * Reads `--field value`, `--field=value` and switches. A value may begin with hyphens: what follows a flag that needs
 * a value is its value, whatever it looks like. `--` ends the flags. Throws USAGE, naming the closest known flag.
 */
export function parseFlags(tokens: readonly string[], flags: readonly Flag[]): ParsedFlags {
  const byTyped = new Map(
    flags.flatMap((flag) => [flag.name, kebab(flag.name)].map((typed) => [typed, flag])),
  )
  const parsed: ParsedFlags = { values: new Map(), positionals: [] }
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!
    if (token === '--') {
      parsed.positionals.push(...tokens.slice(index + 1))
      break
    }
    if (!token.startsWith('-') || token === '-') {
      parsed.positionals.push(token)
      continue
    }
    const { flag, given } = readToken(token, byTyped)
    const next = tokens[index + 1]
    const takesNext = given === null && (flag.kind !== 'switch' || next === 'true' || next === 'false')
    if (takesNext && next === undefined) throw usage(`--${kebab(flag.name)} needs a value.`)
    if (takesNext) index += 1
    add(parsed.values, flag, given ?? (takesNext ? next! : 'true'))
  }
  return parsed
}

/** The USAGE error with this message; `data` is for programs. */
export function usage(message: string, data: Record<string, unknown> = {}) {
  return cliErrors.USAGE({ message, data })
}

/** `externalId` as `external-id`. */
export function kebab(name: string): string {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .replaceAll('_', '-')
    .toLowerCase()
}

function readToken(token: string, byTyped: Map<string, Flag>): { flag: Flag; given: string | null } {
  const typed = token === '-h' ? '--help' : token
  const equals = typed.indexOf('=')
  const name = typed.slice(2, equals === -1 ? undefined : equals)
  const given = equals === -1 ? null : typed.slice(equals + 1)
  const flag = typed.startsWith('--') ? byTyped.get(name) : undefined
  if (flag && (flag.kind !== 'switch' || given === null || given === 'true' || given === 'false')) {
    return { flag, given }
  }
  if (flag) throw usage(`--${kebab(flag.name)} is true or false, not ${JSON.stringify(given)}.`)
  const negated = name.startsWith('no-') && given === null ? byTyped.get(name.slice(3)) : undefined
  if (negated?.kind === 'switch') return { flag: negated, given: 'false' }
  const close = nearest(
    name.replace(/^-+/, ''),
    new Set([...byTyped.values()].map((known) => kebab(known.name))),
  )
  const hint = close === null ? '' : ` Did you mean --${close}?`
  throw usage(`There is no flag ${token.split('=')[0]}.${hint}`, {
    flag: token.split('=')[0],
    closest: close,
  })
}

function add(values: Map<string, string[]>, flag: Flag, value: string): void {
  const before = values.get(flag.name)
  if (before && flag.kind !== 'list') throw usage(`--${kebab(flag.name)} was given more than once.`)
  values.set(flag.name, [...(before ?? []), value])
}
