/** Classes of the ASCII characters as PostgreSQL's lexer has them; everything above is part of identifiers. */
const CLASS = new Uint8Array(128)
const SPACE = 1
const LETTER = 2
const DIGIT = 4
const WORD = LETTER | DIGIT | 8
for (const char of ' \t\n\r\f\v\0') CLASS[char.charCodeAt(0)] = SPACE
for (let code = 0; code < 26; code++) CLASS[65 + code] = CLASS[97 + code] = LETTER
for (let code = 48; code < 58; code++) CLASS[code] = DIGIT
CLASS[95] = LETTER
CLASS[36] = 8

export const isSpace = (code: number): boolean => code < 128 && CLASS[code] === SPACE
export const isDigit = (code: number): boolean => code < 128 && CLASS[code] === DIGIT
/** Whether an identifier can begin with it. */
export const isLetter = (code: number): boolean => code >= 128 || CLASS[code] === LETTER
/** Whether an identifier can go on with it: letters, digits, `_` and `$`. */
export const isWordPart = (code: number): boolean => code >= 128 || (CLASS[code]! & WORD) !== 0
export const isLineEnd = (code: number): boolean => code === 10 || code === 13

/** End of the identifier that begins at `pos`. */
export function wordEnd(text: string, pos: number): number {
  let at = pos + 1
  while (at < text.length && isWordPart(text.charCodeAt(at))) at++
  return at
}

/** End of the number that begins at `pos`, with what is glued to it, such as `0x1f`, `1e5` or `1_000`. */
export function numberEnd(text: string, pos: number): number {
  let at = pos + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isWordPart(code) || code === 36) break
  }
  return at
}

/** End of the line that `pos` is in, before its CR or LF. */
export function lineEnd(text: string, pos: number): number {
  let at = pos
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++
  return at
}

/** Offset of the next line's first character, or the text's length. */
export function nextLine(text: string, pos: number): number {
  const at = lineEnd(text, pos)
  return Math.min(text.length, text.startsWith('\r\n', at) ? at + 2 : at + 1)
}

/** Whether nothing but blanks stands between `pos` and the beginning of its line. */
export function isFirstInLine(text: string, pos: number): boolean {
  let at = pos - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  return at < 0 || isLineEnd(text.charCodeAt(at))
}

/** End of what is quoted by the character at `pos`, which doubled stands for itself; -1 when it never ends. */
export function quotedEnd(text: string, pos: number): number {
  const quote = text[pos]!
  const code = quote.charCodeAt(0)
  let at = text.indexOf(quote, pos + 1)
  while (at >= 0 && text.charCodeAt(at + 1) === code) at = text.indexOf(quote, at + 2)
  return at < 0 ? -1 : at + 1
}

/** As `quotedEnd`, where a backslash takes the next character's meaning away. */
export function escapedEnd(text: string, pos: number): number {
  const quote = text.charCodeAt(pos)
  for (let at = pos + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1
      at++
    }
  }
  return -1
}

/** End of an `E'...'` whose quote stands at `pos`, with the parts that follow it on lines of their own. */
export function escapeStringEnd(text: string, pos: number): number {
  let end = escapedEnd(text, pos)
  while (end >= 0) {
    const next = continuation(text, end)
    if (next < 0) return end
    end = escapedEnd(text, next)
  }
  return -1
}

/** Offset of the quote that goes on with a string that ended at `pos`: blanks with a line end lie between, and comments. */
function continuation(text: string, pos: number): number {
  let hasLineEnd = false
  let at = pos
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 39) return hasLineEnd ? at : -1
    if (isSpace(code)) {
      if (isLineEnd(code)) hasLineEnd = true
      at++
    } else if (code === 45 && text.charCodeAt(at + 1) === 45) at = lineEnd(text, at)
    else return -1
  }
}

/** Length of the `$tag$` at `pos`, 0 when none stands there. */
export function dollarTagLength(text: string, pos: number): number {
  let at = pos + 1
  const first = text.charCodeAt(at)
  if (first === 36) return 2
  if (!isLetter(first)) return 0
  for (at++; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 36) return at + 1 - pos
    if (!isWordPart(code)) return 0
  }
  return 0
}

/** End of the comment that begins at `pos`, which may hold others; -1 when it never ends. */
export function commentEnd(text: string, pos: number): number {
  let depth = 1
  let at = pos + 2
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    if (code === 42 && next === 47) {
      at += 2
      if (--depth === 0) return at
    } else if (code === 47 && next === 42) {
      depth++
      at += 2
    } else at++
  }
  return -1
}

/** Counts lines forward: LF, CR LF and a lone CR end one. Offsets must not go down. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let at = 0
  return (offset) => {
    for (; at < offset; at++) {
      const code = text.charCodeAt(at)
      if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) line++
    }
    return line
  }
}
