import { safeLine } from '../../../kernel/safe-text.ts'

/** What turns the direction of the text around it, so that it reads as something else than it is. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text of a user's files on one line, with everything that a terminal or a page obeys made visible. */
export function shownLine(text: string): string {
  return safeLine(text).replaceAll(
    TURNS,
    (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}
