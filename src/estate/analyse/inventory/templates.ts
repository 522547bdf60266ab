import { isFirstInLine, isLetter, isWordPart, lineEnd, wordEnd } from './lex.ts'

/** A token of a template language or a variable of psql, and what the parser gets in its place, of the same length. */
export type Token = { end: number; stands: 'blank' | 'name' | 'string' | 'true' | 'marker' }

/** What the lexer knows where a token may stand. */
export type Place = {
  text: string
  /** Whether the last token was a string, a number or a closing bracket, so that an operator may follow. */
  isAfterOperand: boolean
  /** Whether it was a word that may be a name: after a keyword such as `limit` a value has to follow. */
  isAfterName: boolean
  /** Whether a square bracket is open: a colon is part of a slice there. */
  isInBrackets: boolean
  /** Offset of the next `close` at or after `from`, -1 for none or one too far off to belong together. */
  find: (close: string, from: number) => number
}

/** Tokens that are longer than this are taken for text that happens to look alike. */
const LONGEST = 4000

/** Finds closing marks in amortised linear time: offsets asked for may go down only after a new start. */
export function closingMarks(text: string): Place['find'] {
  const known = new Map<string, { from: number; at: number }>()
  return (close, from) => {
    let seen = known.get(close)
    if (!seen || from < seen.from || (seen.at >= 0 && seen.at < from)) {
      seen = { from, at: text.indexOf(close, from) }
      known.set(close, seen)
    }
    return seen.at - from > LONGEST ? -1 : seen.at
  }
}

/** The token that begins at `pos` with one of `$ { < % @ # :`, or null. */
export function templateAt(place: Place, pos: number): Token | null {
  switch (place.text.charAt(pos)) {
    case '$':
      return dollarToken(place, pos)
    case '{':
      return braceToken(place, pos)
    case '<':
      return percentTag(place, pos)
    case '%':
      return percentToken(place, pos)
    case '@':
      return atToken(place, pos)
    case '#':
      return place.text[pos + 1] === '{' ? closed(place, { pos, open: 2, close: '}' }) : null
    case ':':
      return psqlVariable(place, pos)
    default:
      return null
  }
}

/** What stands for the token `text`: as many characters with as many line ends, so that places stay what they are. */
export function standIn(text: string, stands: Token['stands']): string {
  if (stands === 'blank') return text.replace(/[^\r\n]/g, ' ')
  if (stands === 'true') return 'true'.padEnd(text.length)
  if (stands === 'string') return ` ${text.slice(1)}`
  const line = lineEnd(text, 0)
  const name = text.slice(0, line).replace(/[^\p{L}0-9_]|^[0-9]/gu, (char) => '_'.repeat(char.length))
  return name + standIn(text.slice(line), 'blank')
}

function closed(place: Place, token: { pos: number; open: number; close: string }): Token | null {
  const at = place.find(token.close, token.pos + token.open)
  if (at < 0) return null
  return { end: at + token.close.length, stands: 'name' }
}

/** `${name}` of Flyway and shells, `$(name)` of sqlcmd, `$name` of shells; `$1` is the server's own. */
function dollarToken(place: Place, pos: number): Token | null {
  const next = place.text.charCodeAt(pos + 1)
  if (next === 123) return closed(place, { pos, open: 2, close: '}' })
  if (next === 40) return closed(place, { pos, open: 2, close: ')' })
  if (!isLetter(next)) return null
  return { end: wordEnd(place.text, pos + 1), stands: 'name' }
}

/** `{{ x }}`, `{% if %}`, `{# note #}` of Jinja, Go and Mustache, and `{name}` of Python and C#. */
function braceToken(place: Place, pos: number): Token | null {
  const { text } = place
  const next = text[pos + 1]
  if (next === '{') {
    const token = closed(place, { pos, open: 2, close: '}}' })
    if (!token) return null
    const inside = text.slice(pos + 2, Math.min(token.end, pos + 20))
    const isControl = /^-?\s*(?:[#/^!>]|(?:if|else|end|range|with|define|template|block|config|set)\b)/.test(
      inside,
    )
    return isControl ? { ...token, stands: 'blank' } : token
  }
  if (next === '%' || next === '#') {
    const token = closed(place, { pos, open: 2, close: `${next}}` })
    return token && { ...token, stands: 'blank' }
  }
  const end = place.find('}', pos + 1)
  if (end < 0 || end - pos > 100 || !/^[\w.:!]*$/.test(text.slice(pos + 1, end))) return null
  return { end: end + 1, stands: 'name' }
}

/** `<%= x %>`, and `<% if x %>` where a line begins with it: `<%`, `<<%` and `%>` are operators of pg_trgm. */
function percentTag(place: Place, pos: number): Token | null {
  const { text } = place
  if (text[pos + 1] !== '%') return null
  const isValue = text[pos + 2] === '='
  const hasPlace = isValue || text[pos + 2] === '-' ? text[pos - 1] !== '<' : isFirstInLine(text, pos)
  if (!hasPlace) return null
  const token = closed(place, { pos, open: 2, close: '%>' })
  return token && { ...token, stands: isValue ? 'name' : 'blank' }
}

/** `%(name)s` and `%s` of Python's drivers where a value must stand: elsewhere `%` is the remainder of a division. */
function percentToken(place: Place, pos: number): Token | null {
  if (place.isAfterOperand || place.isAfterName) return null
  const { text } = place
  if (text[pos + 1] === 's' && !isWordPart(text.charCodeAt(pos + 2))) return { end: pos + 2, stands: 'name' }
  if (text[pos + 1] !== '(') return null
  const end = place.find(')', pos + 2)
  if (end < 0 || end - pos > 100 || !/^\(\w+\)[sdf]$/.test(text.slice(pos + 1, end + 2))) return null
  return { end: end + 2, stands: 'name' }
}

/** `@name@` of build tools and of extension scripts. */
function atToken({ text }: Place, pos: number): Token | null {
  if (!isLetter(text.charCodeAt(pos + 1))) return null
  let end = wordEnd(text, pos + 1)
  while (end - pos < 100 && (text[end] === '.' || text[end] === ':') && isLetter(text.charCodeAt(end + 1)))
    end = wordEnd(text, end + 1)
  if (text[end] !== '@' || end - pos > 200) return null
  return { end: end + 1, stands: 'name' }
}

/** `:name`, `:'name'`, `:"name"` and `:{?name}` of psql; never in slices, nor after a value, as in `json_object('a':b)`. */
function psqlVariable(place: Place, pos: number): Token | null {
  const { text } = place
  if (place.isInBrackets) return null
  const next = text.charCodeAt(pos + 1)
  if (next === 39 || next === 34) {
    const end = text.indexOf(text[pos + 1]!, pos + 2)
    // A colon before a quoted name is an operator nowhere, but for the string `:'x'` what comes before may be one.
    const isOperand = place.isAfterOperand && (next === 39 || !/\s/.test(text.charAt(pos - 1)))
    if (isOperand || end < 0 || !isVariableName(text, pos + 2, end)) return null
    return { end: end + 1, stands: 'string' }
  }
  if (text.startsWith('{?', pos + 1)) {
    const end = place.find('}', pos + 3)
    return end < 0 || end - pos > 100 ? null : { end: end + 1, stands: 'true' }
  }
  const isGlued = isWordPart(text.charCodeAt(pos - 1))
  if (place.isAfterOperand && !(isGlued && text[pos - 1] === '_')) return null
  let end = pos + 1
  while (end < text.length && isWordPart(text.charCodeAt(end)) && text.charCodeAt(end) !== 36) end++
  return end === pos + 1 ? null : { end, stands: 'name' }
}

function isVariableName(text: string, from: number, to: number): boolean {
  if (from === to || to - from > 100) return false
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (!isWordPart(code) || code === 36) return false
  }
  return true
}
