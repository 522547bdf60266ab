import { ALL, bracedHole, readQuoted, type Quoting } from '../quoted.ts'
import { matchAt, type Language, type Source } from '../source.ts'

const OPENING = /([a-z]{0,2})("""|'''|"|')/iy

const hole = (isOneLine: boolean) => (source: Source, at: number) =>
  source.text[at] === '{' ? bracedHole(source, at, 1, isOneLine) : null

function quotingOf(close: string, isRaw: boolean, isFormatted: boolean): Quoting {
  const isMultiline = close.length === 3
  // In a raw string the backslash stays, and still keeps a quote from closing it.
  const backslash = isRaw ? 'quotes' : 'all'
  if (!isFormatted) return { close, isMultiline, escapes: isRaw ? { backslash, doubled: '' } : ALL }
  return {
    close,
    isMultiline,
    escapes: { backslash, doubled: '{}' },
    holeStarts: '{',
    hole: hole(!isMultiline),
  }
}

const quotings = new Map(
  ['"', "'", '"""', "'''"].flatMap((close) =>
    [false, true].flatMap((isRaw) =>
      [false, true].map(
        (isFormatted) => [`${close}${isRaw}${isFormatted}`, quotingOf(close, isRaw, isFormatted)] as const,
      ),
    ),
  ),
)

export const python: Language = {
  name: 'python',
  starts: '#\'"',
  prefixes: 'rbuftRBUFT',
  comment: /#[^\n]*/y,
  join: '+',
  adjacent: true,
  lineEnds: 'outside-brackets',
  literal(source, at) {
    const opening = matchAt(OPENING, source.text, at)
    if (!opening) return null
    const prefix = opening[1]!.toLowerCase()
    if (!/^(?:[rbuft]|[rR][bft]|[bft]r)?$/.test(prefix)) return null
    const isFormatted = prefix.includes('f') || prefix.includes('t')
    const quoting = quotings.get(`${opening[2]!}${prefix.includes('r')}${isFormatted}`)!
    const literal = readQuoted(source, at + opening[0].length, quoting)
    return prefix.includes('b') && literal ? { ...literal, parts: null } : literal
  },
}
