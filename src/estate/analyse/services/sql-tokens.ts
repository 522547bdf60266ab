import { HOLE } from './joined-text.ts'
import { matchAt } from './source.ts'

/** A token of SQL as a program writes it, with its parameters and holes still in it. */
export type SqlToken = {
  kind: 'space' | 'quoted' | 'identifier' | 'word' | 'number' | 'parameter' | 'hole' | 'mark'
  text: string
  at: number
}

const SPACE = /(?:\s|--[^\n]*)+|\/\*[^]*?(?:\*\/|$)/y
const ESCAPED = /[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)/y
const QUOTED = /(?:[bBnNxX]|[uU]&)?'[^']*(?:'|$)/y
const IDENTIFIER = /"[^"]*(?:"|$)/y
const DOLLAR = /\$(?:[A-Za-z_]\w*)?\$/y
const WORD = /[\w\u0080-\uffff](?:[\w$\u0080-\uffff])*/y
/** Parameters of the drivers, and the tokens of templates and of `printf`. */
const PARAMETER =
  /\$[\d\uffff]+|\?\d+|\?\??(?![|&])|%\(\w+\)s|%(?:\d\$)?[sdifvqILu](?![\w.])|%%|\{\{[^{}\n]*\}\}|[$#]?\{[^{}\n]*\}/y
const NAMED = /[:@]([A-Za-z_]\w*)/y
const OPERATOR = /::|:=|[<>=!~]+|\|\||./suy

/** Cuts a text into tokens, all of it and in order. */
export function* sqlTokens(text: string): Generator<SqlToken> {
  let at = 0
  let isAfterColon = false
  while (at < text.length) {
    const token = nextToken(text, at, isAfterColon)
    isAfterColon = token.text.endsWith(':')
    yield token
    at += token.text.length
  }
}

function nextToken(text: string, at: number, isAfterColon: boolean): SqlToken {
  const take = (kind: SqlToken['kind'], pattern: RegExp) => {
    const found = matchAt(pattern, text, at)
    return found ? { kind, text: found[0], at } : null
  }
  const dollar = matchAt(DOLLAR, text, at)?.[0]
  if (dollar !== undefined) {
    const end = text.indexOf(dollar, at + dollar.length)
    return { kind: 'quoted', text: end < 0 ? text.slice(at) : text.slice(at, end + dollar.length), at }
  }
  return (
    take('space', SPACE) ??
    take('quoted', ESCAPED) ??
    take('quoted', QUOTED) ??
    take('identifier', IDENTIFIER) ??
    takeWord(text, at) ??
    take('parameter', PARAMETER) ??
    (isAfterColon ? null : take('parameter', NAMED)) ??
    take('mark', OPERATOR)!
  )
}

/** A word with a hole in it is a hole, unless the hole only follows it: `from users${where}`. */
function takeWord(text: string, at: number): SqlToken | null {
  const found = matchAt(WORD, text, at)?.[0]
  if (found === undefined) return null
  const hole = found.indexOf(HOLE)
  if (hole < 0) return { kind: /^\d/.test(found) ? 'number' : 'word', text: found, at }
  if (hole > 0 && found[hole - 1] !== '_' && found.length === hole + 1) {
    return { kind: /^\d/.test(found) ? 'number' : 'word', text: found.slice(0, hole), at }
  }
  // Holes side by side are one each.
  const alone = /^\uffff+$/.test(found)
  return { kind: 'hole', text: alone ? HOLE : found, at }
}
