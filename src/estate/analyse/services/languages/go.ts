import { ALL, RAW, readQuoted, type Quoting } from '../quoted.ts'
import { matchAt, type Language } from '../source.ts'

const quoted: Quoting = { close: '"', escapes: ALL, isMultiline: false }
const raw: Quoting = { close: '`', escapes: RAW, isMultiline: true }

/** A character between single quotes, as Go, Java and C# write it. */
export const CHARACTER = /'(?:\\[^\n][^'\n]{0,8}|[^'\\\n]{1,2})'/y

export const go: Language = {
  name: 'go',
  starts: '/\'"`',
  comment: /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y,
  join: '+',
  adjacent: false,
  lineEnds: 'statement',
  literal(source, at) {
    const character = source.text[at]
    if (character === '"') return readQuoted(source, at + 1, quoted)
    if (character === '`') return readQuoted(source, at + 1, raw)
    const rune = character === "'" ? matchAt(CHARACTER, source.text, at) : null
    return rune ? { end: at + rune[0].length, parts: null } : null
  },
}
