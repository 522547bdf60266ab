import { ALL, bracedHole, QUOTES, RAW, readBody, readQuoted, type Quoting } from '../quoted.ts'
import { matchAt, type Language, type Literal, type Source } from '../source.ts'
import { readRegex } from './script.ts'

const hole = (source: Source, at: number) =>
  source.text[at + 1] === '{' ? bracedHole(source, at, 2, false) : null
const holes = { holeStarts: '#', hole }

const quotings: Record<string, Quoting> = {
  "'": { close: "'", escapes: QUOTES, isMultiline: true },
  '"': { close: '"', escapes: ALL, isMultiline: true, ...holes },
  '`': { close: '`', escapes: ALL, isMultiline: true, ...holes },
}

/** `%q(...)`, `%(...)`; brackets inside are not counted, but the closing one of SQL in parentheses is looked for in pairs. */
const PERCENT = /%([qQwWiI]?)([([{<|!/])/y
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' }

function readPercent(source: Source, at: number): Literal | null {
  const opening = matchAt(PERCENT, source.text, at)
  if (!opening || (opening[1] === '' && source.isAfterOperand)) return null
  const [all, letter, open] = opening as unknown as [string, string, string]
  const from = at + all.length
  const end = closingBracket(source.text, from, open)
  if (end < 0) return { end: source.text.length, parts: null }
  if (/[wWiI]/.test(letter)) return { end: end + 1, parts: null }
  const body: Quoting =
    letter === 'q'
      ? { close: '', escapes: QUOTES, isMultiline: true }
      : { close: '', escapes: ALL, isMultiline: true, ...holes }
  return { end: end + 1, parts: readBody(source, from, end, body) }
}

function closingBracket(text: string, from: number, open: string): number {
  const close = CLOSING[open] ?? open
  let depth = 1
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === close) {
      depth -= 1
      if (depth === 0) return at
    } else if (character === open) depth += 1
  }
  return -1
}

const HEREDOC = /<<([~-]?)(["'`]?)([A-Za-z_]\w*)\2/y
const raw: Quoting = { close: '', escapes: RAW, isMultiline: true }
const interpolated: Quoting = { close: '', escapes: ALL, isMultiline: true, ...holes }

/** The body stands on the lines after the one that opens it, behind the bodies of those opened before it. */
function readHeredoc(source: Source, at: number): Literal | null {
  const opening = matchAt(HEREDOC, source.text, at)
  if (!opening || source.heredocsLost > 8) return null
  const [all, indent, quote, name] = opening as unknown as [string, string, string, string]
  if (!indent && (source.isAfterOperand || (!quote && !/^[A-Z]/.test(name)))) return null
  const lineEnd = source.text.indexOf('\n', at)
  if (lineEnd < 0) return null
  const from = Math.max(lineEnd + 1, source.heredocsEnd)
  const closing = new RegExp(`^${indent ? '[ \\t]*' : ''}${name}\\r?$`, 'gm')
  closing.lastIndex = from
  const end = closing.exec(source.text)
  if (!end) {
    source.heredocsLost += 1
    return null
  }
  source.heredocsEnd = end.index + end[0].length
  return {
    end: at + all.length,
    parts: readBody(source, from, end.index, quote === "'" ? raw : interpolated),
  }
}

export const ruby: Language = {
  name: 'ruby',
  starts: '#=</%\'"`_',
  prefixes: '_',
  comment: /#[^\n]*|(?<![^\n])=begin\b[^]*?(?:\n=end\b[^\n]*|$)|(?<![^\n])__END__\r?\n[^]*/y,
  join: '+',
  adjacent: true,
  lineEnds: 'statement',
  literal(source, at) {
    const character = source.text[at]!
    if (character === '<') return readHeredoc(source, at)
    if (character === '%') return readPercent(source, at)
    if (character === '/') return readRegex(source, at)
    const quoting = Object.hasOwn(quotings, character) ? quotings[character] : undefined
    return quoting ? readQuoted(source, at + 1, quoting) : null
  },
}
