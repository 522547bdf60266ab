import { z } from 'zod'

/** A zone of the IANA database, as in Europe/Berlin. */
export const timeZoneInput = z
  .string()
  .max(60)
  .refine(isTimeZone, 'must be a zone of the IANA database, as in Europe/Berlin')

/** A rule of recurrence as RFC 5545 writes it, without the name: `FREQ=WEEKLY;BYDAY=MO`. */
export const recurrenceInput = z
  .string()
  .max(1000)
  .regex(
    /^FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z-]+=[A-Z0-9,+-]+)*$/,
    'must be an RRULE of RFC 5545 without its name, as in FREQ=WEEKLY;BYDAY=MO',
  )

function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 would be taken too; they know no summer time, so they are no zones.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What the search index keeps of some columns: those that say something, each on a line of its own. */
export function linesOf(...parts: (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n')
}
