import { ALL, bracedHole, RAW, readQuoted, type Hole, type Quoting } from '../quoted.ts'
import { matchAt, type Language, type Source } from '../source.ts'
import { CHARACTER } from './go.ts'

const COMMENT = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y
const quoted: Quoting = { close: '"', escapes: ALL, isMultiline: false }
const block: Quoting = { close: '"""', escapes: ALL, isMultiline: true }

const character = (source: Source, at: number) => {
  const found = matchAt(CHARACTER, source.text, at)
  return found ? { end: at + found[0].length, parts: null } : null
}

export const java: Language = {
  name: 'java',
  starts: '/\'"',
  comment: COMMENT,
  join: '+',
  adjacent: false,
  lineEnds: 'nothing',
  literal(source, at) {
    if (source.text[at] === "'") return character(source, at)
    if (source.text[at] !== '"') return null
    return source.text.startsWith('"""', at)
      ? readQuoted(source, at + 3, block)
      : readQuoted(source, at + 1, quoted)
  },
}

const NAME = /[A-Za-z_]\w*/y

/** `${code}` or `$name`, as Kotlin writes holes. */
const kotlinHole =
  (isOneLine: boolean) =>
  (source: Source, at: number): Hole | null => {
    if (source.text[at + 1] === '{') return bracedHole(source, at, 2, isOneLine)
    const name = matchAt(NAME, source.text, at + 1)
    return name ? { from: at + 1, to: at + 1 + name[0].length, end: at + 1 + name[0].length } : null
  }

const kotlinQuoted: Quoting = { ...quoted, holeStarts: '$', hole: kotlinHole(true) }
const kotlinBlock: Quoting = {
  close: '"""',
  escapes: RAW,
  isMultiline: true,
  holeStarts: '$',
  hole: kotlinHole(false),
}

export const kotlin: Language = {
  name: 'kotlin',
  starts: '/\'"',
  comment: COMMENT,
  join: '+',
  adjacent: false,
  lineEnds: 'statement',
  literal(source, at) {
    if (source.text[at] === "'") return character(source, at)
    if (source.text[at] !== '"') return null
    return source.text.startsWith('"""', at)
      ? readQuoted(source, at + 3, kotlinBlock)
      : readQuoted(source, at + 1, kotlinQuoted)
  },
}
