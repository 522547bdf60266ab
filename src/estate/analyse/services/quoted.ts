import type { Source, Escapes, Literal, Part } from './source.ts'

/** How one kind of quoted string is read. */
export type Quoting = {
  close: string
  escapes: Escapes
  /** Whether it may go over line ends; if not, one that is not closed on its line is no string. */
  isMultiline: boolean
  /** Characters at which a hole may begin. */
  holeStarts?: string
  /** The hole that begins at `at`: where its code is and where the text goes on; null if there is none. */
  hole?: (source: Source, at: number) => Hole | null
  isTemplate?: boolean
}

export type Hole = { from: number; to: number; end: number }

export const ALL: Escapes = { backslash: 'all', doubled: '' }
export const RAW: Escapes = { backslash: 'none', doubled: '' }
export const QUOTES: Escapes = { backslash: 'quotes', doubled: '' }

const stops = new Map<Quoting, RegExp>()

function stopsOf(quoting: Quoting): RegExp {
  const known = stops.get(quoting)
  if (known) return known
  const { close, escapes, isMultiline, holeStarts = '' } = quoting
  const characters = new Set([...close.slice(0, 1), ...holeStarts, ...escapes.doubled])
  if (escapes.backslash !== 'none') characters.add('\\')
  if (!isMultiline) characters.add('\n')
  const set = [...characters].map(
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const made = new RegExp(`[${set.join('')}]`, 'g')
  stops.set(quoting, made)
  return made
}

/**
 * Reads a string from the character after its opening quote. A string over several lines that nothing closes takes the
 * rest of the file and is none; null means that the quote opens nothing.
 */
export function readQuoted(source: Source, from: number, quoting: Quoting): Literal | null {
  const { close, isMultiline, isTemplate = false } = quoting
  if (!isMultiline && source.hasFailed(close, from)) return null
  const { end, parts } = readParts(source, from, source.text.length, quoting)
  if (end !== null) return { end: end + close.length, parts, isTemplate }
  return isMultiline ? { end: source.text.length, parts: null } : source.fail(close, from)
}

/** The parts of a text that ends at `to`, for strings whose end is known before they are read. */
export function readBody(source: Source, from: number, to: number, quoting: Quoting): Part[] {
  const { parts, rest } = readParts(source, from, to, quoting)
  const last = { start: rest, end: to, isHole: false, escapes: quoting.escapes }
  return (rest < to ? [...parts, last] : parts).filter(({ start, end }) => start <= end && end <= to)
}

/** Parts up to the closing quote, whose offset is `end`: null if there is none before `to`; `rest` is unread then. */
function readParts(source: Source, from: number, to: number, quoting: Quoting) {
  const { close, escapes, isMultiline, holeStarts = '' } = quoting
  const { text } = source
  const pattern = stopsOf(quoting)
  const parts: Part[] = []
  let start = from
  pattern.lastIndex = from
  for (let found = pattern.exec(text); found && found.index < to; found = pattern.exec(text)) {
    const at = found.index
    const character = text[at]!
    const isDoubled = escapes.doubled.includes(character) && text[at + 1] === character
    if (character === '\\' && escapes.backslash !== 'none') {
      pattern.lastIndex = at + (text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2)
    } else if (isDoubled) pattern.lastIndex = at + 2
    else if (close !== '' && text.startsWith(close, at)) {
      if (at > start || parts.length === 0) parts.push({ start, end: at, isHole: false, escapes })
      return { end: at, parts, rest: at }
    } else if (character === '\n' && !isMultiline) break
    else if (holeStarts.includes(character)) {
      const hole = quoting.hole?.(source, at)
      if (!hole) continue
      if (at > start) parts.push({ start, end: at, isHole: false, escapes })
      parts.push({ start: hole.from, end: hole.to, isHole: true, escapes: RAW })
      start = pattern.lastIndex = hole.end
    }
  }
  return { end: null, parts, rest: start }
}

/** A hole in braces, from its opening text of `length`; `isOneLine` holes end with their line. */
export function bracedHole(source: Source, at: number, length: number, isOneLine: boolean): Hole | null {
  if (isOneLine && source.hasFailed('{', at)) return null
  const end = closingBrace(source.text, at + length, isOneLine)
  if (end < 0) return isOneLine ? source.fail('{', at) : null
  return { from: at + length, to: end, end: Math.min(end + 1, source.text.length) }
}

/** Offset of the brace that closes the one before `from`, minding strings and templates in between; the text's end, or -1. */
function closingBrace(text: string, from: number, isOneLine: boolean): number {
  /** Open things, outermost first: braces, and templates that hold code again. */
  const open = ['{']
  const code = /[{}'"`\n]/g
  const template = /[`\\$]/g
  let noQuoteBefore = 0
  let at = from
  while (open.length > 0) {
    const isTemplate = open.at(-1) === '`'
    const pattern = isTemplate ? template : code
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) break
    at = found.index + 1
    const character = found[0]
    if (isTemplate) {
      if (character === '\\') at += 1
      else if (character === '`') open.pop()
      else if (text[at] === '{') {
        open.push('{')
        at += 1
      }
    } else if (character === '\n') {
      if (isOneLine) return -1
    } else if (character === '`' || character === '{') open.push(character)
    else if (character === '}') open.pop()
    else if (at > noQuoteBefore) {
      const end = closingQuote(text, at, character)
      if (end < 0) noQuoteBefore = lineEnd(text, at)
      else at = end + 1
    }
  }
  if (open.length === 0) return at - 1
  return isOneLine ? -1 : text.length
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === quote) return at
    if (character === '\n') return -1
    if (character === '\\') at += 1
  }
  return -1
}
