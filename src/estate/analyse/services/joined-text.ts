import type { LineMark } from './line-marks.ts'
import type { SourceString } from './string-joiner.ts'
import type { Part } from './source.ts'

/** Stands for a hole in a joined text: a character that is none in Unicode. */
export const HOLE = '\uffff'

/** A string as the program sends it, with HOLE where only the program knows what stands there. */
export type JoinedText = {
  text: string
  /** Source of each hole, in order. */
  holes: { source: string; line: number }[]
  lines: LineMark[]
}

/** Longer sources of holes are cut: they are shown, and never read again. */
const LONGEST_HOLE = 120

/** What the program would send, its escapes taken off. Strings are disjoint parts of a file, so that all are one pass. */
export function joinText(
  { parts }: SourceString,
  source: string,
  lineOf: (offset: number) => number,
): JoinedText {
  const joined: JoinedText = { text: '', holes: [], lines: [] }
  for (const part of parts) {
    const line = lineOf(part.start)
    joined.lines.push({ at: joined.text.length, line })
    if (part.isHole) {
      const code = source.slice(part.start, Math.min(part.end, part.start + LONGEST_HOLE))
      joined.holes.push({ source: code.replaceAll(/\s+/g, ' ').trim(), line })
      joined.text += HOLE
    } else joined.text += unescape(part, source, joined)
  }
  return joined
}

const ESCAPED = /\\(?:\r\n|u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])|\n|(["{}])\1/g
const LETTERS: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', b: '\b', 0: '\0' }

function unescape(part: Part, source: string, joined: JoinedText): string {
  const raw = source.slice(part.start, part.end)
  const base = joined.text.length
  let line = joined.lines.at(-1)!.line
  const pieces: string[] = []
  let [length, from] = [0, 0]
  const add = (piece: string) => {
    pieces.push(piece.replaceAll(HOLE, '\ufffd'))
    length += piece.length
  }
  for (const found of raw.matchAll(ESCAPED)) {
    add(raw.slice(from, found.index))
    const [all] = found
    from = found.index + all.length
    add(unescaped(all, part))
    if (all.endsWith('\n')) {
      line += 1
      joined.lines.push({ at: base + length, line })
    }
  }
  add(raw.slice(from))
  return pieces.join('')
}

function unescaped(found: string, { escapes: { backslash, doubled } }: Part): string {
  const [first, second] = found as unknown as [string, string]
  if (first !== '\\') return found.length === 2 && doubled.includes(first) ? first : found
  if (backslash === 'none' || (backslash === 'quotes' && !/['"\\]/.test(second))) return found
  if (second === '\n' || second === '\r') return ''
  if (found.length === 2) return LETTERS[second] ?? (/[\\'"`$/#{}]/.test(second) ? second : found)
  const code = Number.parseInt(found.replaceAll(/[^0-9a-fA-F]/g, ''), 16)
  return code === 0xffff || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
}
