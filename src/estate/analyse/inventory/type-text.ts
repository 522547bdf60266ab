import { nodesOf, stringsOf, type Node } from './tree.ts'

/** The server's internal names, and the spellings it shows instead. */
const SHOWN: Record<string, string> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  char: '"char"',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  varbit: 'bit varying',
}

const SERIALS: Record<string, string> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
}

/** The integer type behind a serial; undefined for any other type. */
export function serialType(type: Node): string | undefined {
  const names = stringsOf(type?.names)
  return names.length === 1 ? SERIALS[names[0]!] : undefined
}

/** A `TypeName` in the spelling of the server's `format_type`. */
export function typeText(type: Node | undefined): string {
  if (!type) return ''
  const names = stringsOf(type.names)
  const isBuiltIn = names.length === 1 || names[0] === 'pg_catalog'
  const last = names.at(-1) ?? ''
  const base = isBuiltIn ? (SERIALS[last] ?? SHOWN[last] ?? last) : names.join('.')
  const limits = ((type.typmods ?? []) as Node[]).map(limitText)
  // The server keeps no sizes of arrays, and not how many dimensions they have.
  return `${withLimits(base, limits)}${type.arrayBounds?.length ? '[]' : ''}`
}

function limitText(node: Node): string {
  const constant = node.A_Const as Node | undefined
  if (!constant) return stringsOf([...nodesOf(node, 'ColumnRef')].flatMap((ref) => ref.fields)).join('.')
  if (constant.ival) return String(constant.ival.ival ?? 0)
  return String(constant.sval?.sval ?? constant.fval?.fval ?? '')
}

function withLimits(base: string, limits: string[]): string {
  // The parser writes `char` as character(1), and the fields of an interval as a number that says nothing to a reader.
  if (limits.length === 0 || base === 'interval') return base
  if (base === 'bpchar') return `character(${limits.join(',')})`
  if (base === 'numeric' && limits.length === 1) return `numeric(${limits[0]},0)`
  const zoned = /^(time(?:stamp)?)( with(?:out)? time zone)$/.exec(base)
  return zoned ? `${zoned[1]}(${limits.join(',')})${zoned[2]}` : `${base}(${limits.join(',')})`
}

const SHORT: Record<string, string> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'character varying': 'varchar',
}

/** The same in the words people use: `timestamptz`, `varchar(50)`. */
export function shortType(type: string): string {
  return Object.entries(SHORT).reduce((text, [long, short]) => text.replace(long, short), type)
}
