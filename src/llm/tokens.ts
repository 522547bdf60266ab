import { countTokens as count } from 'gpt-tokenizer/encoding/o200k_base'

// Byte-pair merging is quadratic in unbroken text: counted in pieces, a hostile megabyte takes milliseconds.
const PIECE = 2_000

/** Stands where the middle of a text was left out. */
export const CUT_MARK = '[… cut …]'

/** Of the end of a cut text at most this many tokens are kept: a question often stands there. */
const MOST_TAIL = 1_000

/**
 * Tokens of `text` in o200k_base, the encoding of current OpenAI models; a close estimate for others.
 * A text longer than one piece is counted piece by piece, which can only overstate it.
 */
export function countTokens(text: string): number {
  let tokens = 0
  for (let start = 0; start < text.length; start += PIECE) tokens += countPiece(text, start)
  return tokens
}

function countPiece(text: string, start: number): number {
  // Special tokens in people's text are text.
  return count(text.slice(start, start + PIECE), { disallowedSpecial: new Set() })
}

/** Cuts `text` to at most `budget` tokens at a character boundary; '' when even one character is too much. */
export function cutToTokens(text: string, budget: number): string {
  let start = 0
  let left = budget
  for (; start < text.length; start += PIECE) {
    const tokens = countPiece(text, start)
    if (tokens > left) break
    left -= tokens
  }
  if (start >= text.length) return text
  const cut = text.slice(0, start + longest(PIECE, (length) => text.slice(start, start + length), left))
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

/** The end of `text`, at most `budget` tokens of it, from a character boundary on. */
function tailOfTokens(text: string, budget: number): string {
  const most = Math.min(text.length, budget * 8)
  const tail = text.slice(text.length - longest(most, (length) => text.slice(text.length - length), budget))
  return tail.isWellFormed() ? tail : tail.slice(1)
}

/** The greatest length up to `most` whose text is within `budget` tokens. */
function longest(most: number, textOf: (length: number) => string, budget: number): number {
  let low = 0
  let high = most
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (countTokens(textOf(middle)) <= budget) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Beginning and end of a text that is longer than `budget` tokens, with `CUT_MARK` between them, within the budget;
 * '' when there is no room for the mark and a little text.
 */
export function cutMiddle(text: string, budget: number): string {
  for (let room = budget - countTokens(CUT_MARK) - 2; room > 0; room -= 4) {
    const tailRoom = Math.min(Math.floor(room / 3), MOST_TAIL)
    const head = cutToTokens(text, room - tailRoom).trimEnd()
    if (head === '') return ''
    const whole = `${head}\n${CUT_MARK}\n${tailOfTokens(text.slice(head.length), tailRoom).trimStart()}`
    if (countTokens(whole) <= budget) return whole
  }
  return ''
}
