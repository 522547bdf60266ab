import pg from 'pg'

const OID = {
  int8: 20,
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  timestamp: 1114,
  timestampArray: 1115,
  interval: 1186,
  intervalArray: 1187,
  numericArray: 1231,
} as const

const asText = (text: string) => text
const textArray = pg.types.getTypeParser(1009 as never) as unknown as (text: string) => (string | null)[]
const eachOf = (text: string) => textArray(text)

/** bigint as a number: our counts and sequences stay below 2^53, and silently rounding one would corrupt it. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`)
  return value
}

// Where node-postgres would use the machine's own zone (date, timestamp) or invent an object (interval),
// the text of the server is kept: a date has no zone to convert from.
const parsers = new Map<number, (text: string) => unknown>([
  [OID.int8, safeInteger],
  [OID.int8Array, (text) => textArray(text).map((item) => (item === null ? null : safeInteger(item)))],
  [OID.date, asText],
  [OID.dateArray, eachOf],
  [OID.timestamp, asText],
  [OID.timestampArray, eachOf],
  [OID.interval, asText],
  [OID.intervalArray, eachOf],
  [OID.numericArray, eachOf],
])

/** How column values become JavaScript, the same on both back ends: numeric, date and timestamp stay text. */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ??
    pg.types.getTypeParser(oid as never, format as 'text')) as typeof pg.types.getTypeParser,
}
