import { ALL, bracedHole, RAW, readQuoted, type Quoting } from '../quoted.ts'
import { matchAt, type Escapes, type Language, type Source } from '../source.ts'
import { CHARACTER } from './go.ts'

const OPENING = /(@?\$*@?)("{3,8}|")/y

const hole = (length: number, isOneLine: boolean) => (source: Source, at: number) => {
  if (!source.text.startsWith('{'.repeat(length), at)) return null
  const found = bracedHole(source, at, length, isOneLine)
  return found && { ...found, end: Math.min(found.end + length - 1, source.text.length) }
}

function quotingOf(opening: string, quotes: string): Quoting {
  const dollars = opening.replaceAll('@', '').length
  const isVerbatim = opening.includes('@')
  if (quotes.length > 1) {
    const holes = dollars > 0 ? { holeStarts: '{', hole: hole(dollars, false) } : {}
    return { close: quotes, escapes: RAW, isMultiline: true, ...holes }
  }
  const doubled = `${isVerbatim ? '"' : ''}${dollars > 0 ? '{}' : ''}`
  const escapes: Escapes = { backslash: isVerbatim ? 'none' : ALL.backslash, doubled }
  const holes = dollars > 0 ? { holeStarts: '{', hole: hole(1, !isVerbatim) } : {}
  return { close: '"', escapes, isMultiline: isVerbatim, ...holes }
}

/** Made once for each way of opening a string, of which a file can have few. */
const quotings = new Map<string, Quoting>()

export const csharp: Language = {
  name: 'csharp',
  starts: '/#\'"@',
  prefixes: '$',
  comment: /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|#(?:region|endregion|pragma|error|warning)[^\n]*/y,
  join: '+',
  adjacent: false,
  lineEnds: 'nothing',
  literal(source, at) {
    const { text } = source
    if (text[at] === "'") {
      const found = matchAt(CHARACTER, text, at)
      return found ? { end: at + found[0].length, parts: null } : null
    }
    const opening = matchAt(OPENING, text, at)
    if (!opening) return null
    const [all, before, found] = opening as unknown as [string, string, string]
    // A verbatim string may begin with quotes that are doubled, and `""` is a string of nothing.
    const quotes = before.includes('@') ? '"' : found
    const dollars = before.length > 9 ? before.slice(0, 9) : before
    const key = `${dollars}${quotes}`
    const quoting = quotings.get(key) ?? quotingOf(dollars, quotes)
    quotings.set(key, quoting)
    return readQuoted(source, at + all.length - found.length + quotes.length, quoting)
  },
}
