/** A line for psql: its command without the backslash, and its arguments without their quotes. */
export type MetaCommand = { name: string; args: string[] }

/**
 * Reads a `psql` piece, such as `\ir 'a file.sql'`. Null for a line of another database's client. What `\!` and `\copy`
 * take is one argument, the rest of the line.
 */
export function metaCommand(line: string): MetaCommand | null {
  const head = /^\\([A-Za-z_]+\+?|[!?.])[ \t]*/.exec(line)
  if (!head) return null
  const name = head[1]!
  const rest = line.slice(head[0].length).trimEnd()
  if (name === '!' || name === 'copy') return { name, args: rest === '' ? [] : [rest] }
  return { name, args: argumentsIn(rest) }
}

function argumentsIn(text: string): string[] {
  const args: string[] = []
  let current: string | null = null
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === ' ' || char === '\t') {
      if (current !== null) args.push(current)
      current = null
    } else if (char === "'" || char === '"') {
      const { value, end } = unquoted(text, at)
      current = (current ?? '') + value
      at = end
    } else if (char === '\\' && current === null) break
    else current = (current ?? '') + char
  }
  return current === null ? args : [...args, current]
}

/** The text between the quotes that begin at `start`, and the offset of the closing one, or of the text's end. */
function unquoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start]!
  let value = ''
  let at = start + 1
  for (; at < text.length; at++) {
    const char = text[at]!
    if (char === quote) {
      if (text[at + 1] !== quote) break
      at++
    } else if (char === '\\' && quote === "'") at++
    value += text[at] ?? ''
  }
  return { value, end: at }
}
