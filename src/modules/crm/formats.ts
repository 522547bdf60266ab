import { timeOutput } from '../../kernel/input.ts'

/** When something last was done; null when nothing was, of what the reader sees. */
export const lastActivityOutput = timeOutput
  .nullable()
  .describe('When something last happened, of what you see.')
