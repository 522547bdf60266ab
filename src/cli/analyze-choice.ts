import { FORMATS, formatOfFile, type Format } from '../estate/analyse/report/formats.ts'
import { isOn, valueOf } from './command.ts'
import { usage, type ParsedFlags } from './flags.ts'

/** Severities, worst first, and what never fails. */
export const FAIL_ON = ['critical', 'warning', 'info', 'never'] as const

/** What the flags of `analyze` ask for. */
export type AnalyzeChoice = {
  paths: string[]
  services: string[]
  database: string | null
  format: Format
  out: string | null
  failOn: (typeof FAIL_ON)[number]
  isWhole: boolean
  baseline: string | null
  writeBaseline: string | null
}

/** Reads flags and paths. Throws USAGE for what cannot be meant. */
export function readChoice(flags: ParsedFlags): AnalyzeChoice {
  const paths = flags.positionals
  if (paths.length === 0) throw usage('analyze needs the files or folders to look at, as in: analyze sql/')
  const out = valueOf(flags, 'out') ?? null
  return {
    paths,
    services: flags.values.get('services') ?? [],
    database: readDatabase(flags),
    format: readFormat(flags, out),
    out,
    failOn: oneOf(FAIL_ON, valueOf(flags, 'failOn') ?? 'critical', '--fail-on'),
    isWhole: isOn(flags, 'all'),
    baseline: valueOf(flags, 'baseline') ?? null,
    writeBaseline: valueOf(flags, 'writeBaseline') ?? null,
  }
}

function readFormat(flags: ParsedFlags, out: string | null): Format {
  const given = valueOf(flags, 'format')
  const format = given === undefined ? undefined : oneOf(FORMATS, given, '--format')
  if (!isOn(flags, 'json')) return format ?? (out === null ? undefined : formatOfFile(out)) ?? 'text'
  if (format !== undefined && format !== 'json') {
    throw usage(`--json and --format ${format} exclude each other.`)
  }
  return 'json'
}

/** The address itself may hold a password, and is not repeated. */
function readDatabase(flags: ParsedFlags): string | null {
  const url = valueOf(flags, 'database')
  if (url === undefined) return null
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url
  throw usage('--database is a postgres:// address, as in postgres://user:password@host:5432/name.')
}

function oneOf<const T extends string>(known: readonly T[], given: string, flag: string): T {
  const found = known.find((value) => value === given)
  if (found !== undefined) return found
  throw usage(`${flag} is one of ${known.join(', ')}, not ${JSON.stringify(given)}.`)
}
