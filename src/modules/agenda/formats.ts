import { z } from 'zod'

/** A rule of recurrence as RFC 5545 writes it, without the name: `FREQ=WEEKLY;BYDAY=MO`. */
export const recurrenceInput = z
  .string()
  .max(1000)
  .regex(
    /^FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z-]+=[A-Z0-9,+-]+)*$/,
    'must be an RRULE of RFC 5545 without its name, as in FREQ=WEEKLY;BYDAY=MO',
  )
