import { z } from 'zod'

import { PRIVACY_LEVELS } from './context.ts'

// PostgreSQL cannot store U+0000 in text, and a lone surrogate is not valid UTF-8: both would fail deep in the driver.
const storable = (value: string) => !value.includes('\u0000') && value.isWellFormed()
const notStorable = 'must be valid Unicode without NUL characters or lone surrogates'

/** Text of 1 to `max` UTF-16 units that the database can store as it is. */
export const textInput = (max: number) => z.string().min(1).max(max).refine(storable, notStorable)

/** Like `textInput`, but may be empty. */
export const optionalTextInput = (max: number) => z.string().max(max).refine(storable, notStorable)

/** An e-mail address in lower case: addresses are one whatever their case, and sign-in looks for them so. */
export const emailInput = z.email().max(254).toLowerCase()

export const idInput = z.uuid().toLowerCase().describe('Identifier (UUID).')
export const slugInput = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
  .max(60)
  .describe('Short name in addresses, as in robbie-f.')
export const timeInput = z.iso
  .datetime({ offset: true })
  .refine((value) => {
    const year = new Date(value).getUTCFullYear()
    return year >= 1 && year <= 9999
  }, 'must be between the years 1 and 9999')
  .describe('Instant, ISO 8601 with an offset.')
export const dayInput = z.iso
  .date()
  .refine((value) => !value.startsWith('0000'), 'must be between the years 1 and 9999')
  .describe('Day, as in 2026-01-31.')
export const privacyInput = z
  .enum(PRIVACY_LEVELS)
  .describe('Who may see it: public, team (members), private (its creator), boss_only (admins).')
export const tagsInput = z.array(textInput(100)).max(50)

/** A zone of the IANA database, as in Europe/Berlin. */
export const timeZoneInput = z
  .string()
  .max(60)
  .refine(isTimeZone, 'must be a zone of the IANA database, as in Europe/Berlin')
  .meta({ examples: ['Europe/Berlin', 'America/New_York', 'UTC'] })

/** A currency of ISO 4217. */
export const currencyInput = z.string().regex(/^[A-Z]{3}$/, 'must be a currency of ISO 4217, as in EUR')
/** The version that the caller read, where a change is to be refused on another. */
export const versionInput = z
  .int()
  .min(1)
  .optional()
  .describe('Version you read; the change is refused when it is stale.')

/** JSON of any shape whose text can be stored; at most `maxBytes` of UTF-8 when written out. */
export const jsonInput = (maxBytes: number) =>
  z
    .record(z.string(), z.unknown())
    .refine(
      (value) => isStorableJson(value) && Buffer.byteLength(JSON.stringify(value)) <= maxBytes,
      `must be at most ${maxBytes} bytes of storable JSON`,
    )

function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => storable(key) && isStorableJson(item))
}

/** The input `stream` of an operation whose answer can come in pieces; the answer is the same with it and without. */
export const streamInput = z
  .boolean()
  .optional()
  .describe('Answer in pieces: an event stream over HTTP, text as it comes on the command line.')

/** The two inputs every list takes. */
export const pageInput = {
  limit: z.int().min(1).max(100).default(50).describe('How many items at most, 1-100.'),
  cursor: z.string().max(2_000).optional().describe('The nextCursor of the page before.'),
}

/** The answer of every list. */
export const pageOutput = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Instants leave as ISO 8601 in UTC with milliseconds. */
export const timeOutput = z
  .date()
  .transform((value) => value.toISOString())
  .or(z.iso.datetime())

function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 would be taken too; they know no summer time, so they are no zones.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
