import { z } from 'zod'

/** Whether every value of a list is a whole number of this size, of either sign where `isSigned`, and never none. */
const numbers = (least: number, most: number, isSigned: boolean) => (list: string) =>
  list.split(',').every((text) => {
    if (!(isSigned ? /^[+-]?\d{1,3}$/ : /^\d{1,3}$/).test(text)) return false
    const size = Math.abs(Number(text))
    return size >= least && size <= most
  })

const isCount = (text: string) => /^[1-9]\d{0,5}$/.test(text)

/** The parts of a rule of recurrence besides FREQ, and whether they may have a value (RFC 5545, 3.3.10). */
const RULE_PARTS: Record<string, (value: string) => boolean> = {
  UNTIL: (text) =>
    /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?$/.test(text),
  COUNT: isCount,
  INTERVAL: isCount,
  BYSECOND: numbers(0, 60, false),
  BYMINUTE: numbers(0, 59, false),
  BYHOUR: numbers(0, 23, false),
  BYDAY: (list) =>
    list.split(',').every((day) => /^([+-]?([1-9]|[1-4]\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)$/.test(day)),
  BYMONTHDAY: numbers(1, 31, true),
  BYYEARDAY: numbers(1, 366, true),
  BYWEEKNO: numbers(1, 53, true),
  BYMONTH: numbers(1, 12, false),
  BYSETPOS: numbers(1, 366, true),
  WKST: (day) => /^(MO|TU|WE|TH|FR|SA|SU)$/.test(day),
}

function isRule(rule: string): boolean {
  const [first, ...parts] = rule.split(';').map((part) => part.split('='))
  const names = parts.map(([name]) => name!)
  return (
    first!.length === 2 &&
    first![0] === 'FREQ' &&
    /^(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(first![1]!) &&
    parts.every((part) => part.length === 2 && RULE_PARTS[part[0]!]?.(part[1]!) === true) &&
    new Set(names).size === names.length &&
    !(names.includes('COUNT') && names.includes('UNTIL'))
  )
}

/** A rule of recurrence as RFC 5545 writes it, without the name: `FREQ=WEEKLY;BYDAY=MO`. */
export const recurrenceInput = z
  .string()
  .max(1000)
  .refine(isRule, 'must be an RRULE of RFC 5545 without its name, as in FREQ=WEEKLY;BYDAY=MO')
