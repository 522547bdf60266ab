import { ALL, bracedHole, QUOTES, RAW, readBody, readQuoted, type Hole, type Quoting } from '../quoted.ts'
import { matchAt, type Language, type Literal, type Source } from '../source.ts'

const VARIABLE = /\$[A-Za-z_\x80-\uffff][\w\x80-\uffff]*(?:\[[^\]\n]{0,80}\]|->[A-Za-z_]\w*)?/y

function hole(source: Source, at: number): Hole | null {
  const { text } = source
  if (text.startsWith('{$', at)) return bracedHole(source, at, 1, false)
  if (text.startsWith('${', at)) return bracedHole(source, at, 2, false)
  const name = text[at] === '$' ? matchAt(VARIABLE, text, at) : null
  return name ? { from: at, to: at + name[0].length, end: at + name[0].length } : null
}

const quotings: Record<string, Quoting> = {
  "'": { close: "'", escapes: QUOTES, isMultiline: true },
  '"': { close: '"', escapes: ALL, isMultiline: true, holeStarts: '${', hole },
}

const heredoc: Quoting = { close: '', escapes: ALL, isMultiline: true, holeStarts: '${', hole }
const nowdoc: Quoting = { close: '', escapes: RAW, isMultiline: true }
const HEREDOC = /<<<[ \t]*(["']?)([A-Za-z_]\w*)\1\r?\n/y

function readHeredoc(source: Source, at: number): Literal | null {
  const opening = matchAt(HEREDOC, source.text, at)
  if (!opening || source.heredocsLost > 8) return null
  const from = at + opening[0].length
  const closing = new RegExp(`^[ \\t]*${opening[2]!}\\b`, 'gm')
  closing.lastIndex = from
  const end = closing.exec(source.text)
  if (!end) {
    source.heredocsLost += 1
    return null
  }
  const parts = readBody(source, from, end.index, opening[1] === "'" ? nowdoc : heredoc)
  return { end: end.index + end[0].length, parts }
}

export const php: Language = {
  name: 'php',
  starts: '/#?<\'"',
  // What stands outside `<?php ... ?>` is no code, and is passed over like a comment.
  comment: /(?:\/\/|#(?!\[))(?:(?!\?>)[^\n])*|\/\*[^]*?(?:\*\/|$)|\?>(?:(?!<\?)[^])*(?:<\?(?:php\b|=)?)?/y,
  join: '.',
  adjacent: false,
  lineEnds: 'nothing',
  codeFrom(source) {
    const at = source.text.search(/<\?(?:php\b|=)/)
    return at < 0 ? source.text.length : at + 2
  },
  literal(source, at) {
    const character = source.text[at]!
    if (character === '<') return readHeredoc(source, at)
    const quoting = Object.hasOwn(quotings, character) ? quotings[character] : undefined
    return quoting ? readQuoted(source, at + 1, quoting) : null
  },
}
