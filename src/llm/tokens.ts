import { countTokens as count } from 'gpt-tokenizer/encoding/o200k_base'

// Byte-pair merging is quadratic in unbroken text: counted in pieces, a hostile megabyte takes milliseconds.
const PIECE = 2_000

/**
 * Tokens of `text` in o200k_base, the encoding of current OpenAI models; a close estimate for others.
 * A text longer than one piece is counted piece by piece, which can only overstate it.
 */
export function countTokens(text: string): number {
  let tokens = 0
  for (let start = 0; start < text.length; start += PIECE) {
    // Special tokens in people's text are text.
    tokens += count(text.slice(start, start + PIECE), { disallowedSpecial: new Set() })
  }
  return tokens
}

/** Cuts `text` to at most `budget` tokens at a character boundary; '' when even one character is too much. */
export function cutToTokens(text: string, budget: number): string {
  if (countTokens(text) <= budget) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (countTokens(text.slice(0, middle)) <= budget) low = middle
    else high = middle - 1
  }
  const cut = text.slice(0, low)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
