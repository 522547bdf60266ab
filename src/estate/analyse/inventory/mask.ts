import { closingMarks } from './templates.ts'
import { isLetter, lineEnd, wordEnd } from './lex.ts'
import { Spans } from './spans.ts'

/**
 * The text with all that is no code of its own made blank: comments and the insides of strings and quoted bodies become
 * spaces, those of quoted names the letter x. Offsets and lines stay.
 */
export function maskSql(text: string): string {
  const spans = new Spans(text, closingMarks(text))
  const parts: string[] = []
  let from = 0
  let pos = 0
  const hide = (start: number, end: number, filling: string) => {
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, filling))
    from = end
  }
  while (pos < text.length) {
    const code = text.charCodeAt(pos)
    if (isLetter(code)) {
      pos = wordEnd(text, pos)
      continue
    }
    const span = hidden(text, pos, spans)
    if (span) hide(span.from, span.to, span.filling)
    pos = Math.max(pos + 1, span?.end ?? 0)
  }
  parts.push(text.slice(from))
  return parts.join('')
}

type Hidden = { from: number; to: number; end: number; filling: string }

/** What begins at `pos` and hides its inside; something that never ends hides all the rest. */
function hidden(text: string, pos: number, spans: Spans): Hidden | null {
  const inside = (found: number, filling: string): Hidden => {
    const end = found < 0 ? text.length : found
    return { from: pos + 1, to: Math.max(pos + 1, found < 0 ? end : end - 1), end, filling }
  }
  const two = text.slice(pos, pos + 2)
  if (two === '--') return { from: pos, to: lineEnd(text, pos), end: lineEnd(text, pos), filling: ' ' }
  if (two === '/*') {
    const end = spans.comment(pos)
    return { from: pos, to: end < 0 ? text.length : end, end: end < 0 ? text.length : end, filling: ' ' }
  }
  if (two[0] === "'") return inside(spans.string(pos), ' ')
  if (two[0] === '"') return inside(spans.quoted(pos), 'x')
  if (two[0] === '`') {
    const end = spans.backtick(pos)
    return end < 0 ? null : inside(end, 'x')
  }
  if (two[0] !== '$') return null
  const end = spans.dollarQuoted(pos)
  return end === null ? null : inside(end, ' ')
}
