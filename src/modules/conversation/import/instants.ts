/** The last second that ISO 8601 writes with a four-digit year. */
const lastSecond = 253_402_300_799

/**
 * Smaller numbers are seconds, larger ones milliseconds: as milliseconds this is March 1973, as seconds the
 * year 5138.
 */
const millisecondsFrom = 100_000_000_000

/**
 * A point in time from seconds or milliseconds since 1970; null for anything else, for 0 and for times before
 * it.
 */
export function instantFromEpoch(value: unknown): string | null {
  if (typeof value !== 'number' || !(value > 0)) return null
  const milliseconds = Math.round(value < millisecondsFrom ? value * 1000 : value)
  if (milliseconds > lastSecond * 1000) return null
  return new Date(milliseconds).toISOString()
}

type Parts = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
}

/** Null for days and times that do not exist: `Date` itself would turn February 30 into March 1. */
function instantFromParts(parts: Parts, offsetMinutes = 0): string | null {
  const { year, month, day, hour, minute, second, ms } = parts
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  date.setUTCHours(hour, minute - offsetMinutes, second, ms)
  const text = date.toISOString()
  return text.length === 24 ? text : null
}

const number = (digits: string | undefined): number => Number(digits ?? 0)
const milliseconds = (fraction: string | undefined): number =>
  Number((fraction ?? '0').slice(0, 3).padEnd(3, '0'))

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + number(zone.slice(3).replace(':', '') || '0')
  return zone.startsWith('-') ? -minutes : minutes
}

/** A point in time from ISO 8601; a time without a zone is taken as UTC. Null when it is no such time. */
export function instantFromIso(value: unknown): string | null {
  const match = typeof value === 'string' ? isoPattern.exec(value.trim()) : null
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const date = { year: number(year), month: number(month), day: number(day) }
  const time = {
    hour: number(hour),
    minute: number(minute),
    second: number(second),
    ms: milliseconds(fraction),
  }
  return instantFromParts({ ...date, ...time }, offsetMinutes(zone))
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
)

/** `June 3, 2024 4:02pm`, as older SillyTavern writes it. */
const spokenPattern = /^([a-z]{3,9})\.? (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?(am|pm)$/i

function instantFromSpoken(text: string): string | null {
  const match = spokenPattern.exec(text)
  if (match === null) return null
  const [, name = '', day, year, hour, minute, second, half = ''] = match
  const month = months.findIndex((full) => full.startsWith(name.toLowerCase())) + 1
  if (month === 0 || number(hour) < 1 || number(hour) > 12) return null
  const hours = (number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const date = { year: number(year), month, day: number(day) }
  return instantFromParts({ ...date, hour: hours, minute: number(minute), second: number(second), ms: 0 })
}

/**
 * `2024-06-03@16h02m12s123ms` and `2024-6-3 @16h 02m 12s 123ms`: SillyTavern's names for chats, used as dates
 * too.
 */
const humanizedPattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2}) ?@ ?(\d{1,2})h ?(\d{1,2})m(?: ?(\d{1,2})s)?(?: ?(\d{1,3})ms)?$/i

function instantFromHumanized(text: string): string | null {
  const match = humanizedPattern.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, ms] = match
  const date = { year: number(year), month: number(month), day: number(day) }
  return instantFromParts({
    ...date,
    hour: number(hour),
    minute: number(minute),
    second: number(second),
    ms: number(ms),
  })
}

/**
 * A point in time from any form that SillyTavern has written: ISO 8601, epoch milliseconds (number or
 * digits), spoken and humanized. Those without a zone are the writer's wall clock, whose zone the file does
 * not tell: taken as UTC.
 */
export function instantFromSillyTavern(value: unknown): string | null {
  if (typeof value === 'number') return instantFromEpoch(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d{10,16}$/.test(text)) return instantFromEpoch(Number(text))
  return instantFromIso(text) ?? instantFromSpoken(text) ?? instantFromHumanized(text)
}
