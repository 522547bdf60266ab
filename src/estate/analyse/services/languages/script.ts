import { ALL, bracedHole, readQuoted, type Quoting } from '../quoted.ts'
import { matchAt, type Language, type Source } from '../source.ts'

const quotings: Record<string, Quoting> = {
  "'": { close: "'", escapes: ALL, isMultiline: false },
  '"': { close: '"', escapes: ALL, isMultiline: false },
  '`': {
    close: '`',
    escapes: ALL,
    isMultiline: true,
    isTemplate: true,
    holeStarts: '$',
    hole: (source, at) => (source.text[at + 1] === '{' ? bracedHole(source, at, 2, false) : null),
  },
}

const REGEX = /\/(?![*/])(?:[^\n\\/[]|\\[^\n]|\[(?:[^\n\\\]]|\\[^\n])*\])+\/[a-z]*/y

/** After an operand `/` divides; elsewhere it begins a regular expression, whose quotes open nothing. */
export function readRegex(source: Source, at: number) {
  if (source.isAfterOperand || source.hasFailed('/', at)) return null
  const found = matchAt(REGEX, source.text, at)
  return found ? { end: at + found[0].length, parts: null } : source.fail('/', at)
}

/** JavaScript and TypeScript, with JSX. */
export const script: Language = {
  name: 'script',
  starts: '/\'"`',
  comment: /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y,
  join: '+',
  adjacent: false,
  lineEnds: 'nothing',
  literal(source, at) {
    const character = source.text[at]!
    if (character === '/') return readRegex(source, at)
    const quoting = Object.hasOwn(quotings, character) ? quotings[character] : undefined
    return quoting ? readQuoted(source, at + 1, quoting) : null
  },
}
