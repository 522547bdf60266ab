import { z } from 'zod'

import { timeOutput } from '../../kernel/input.ts'

/** A currency as callers write it. */
export const currencyInput = z.string().regex(/^[A-Z]{3}$/, 'must be a currency of ISO 4217, as in EUR')

/** When something last was done; null when nothing was, of what the reader sees. */
export const lastActivityOutput = timeOutput
  .nullable()
  .describe('When something last happened, of what you see.')
