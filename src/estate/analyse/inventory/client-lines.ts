import { isFirstInLine, isLineEnd, lineEnd, nextLine } from './lex.ts'

/** Commands of psql that send the statement before them, wherever in the line they stand. */
const SENDING =
  /^\\(?:gexec|gset|gdesc|gx|g|watch|crosstabview|bind_named|bind|parse|sendpipeline)(?![A-Za-z_])/
/** Commands that leave the statement around them as it is. */
const CONDITIONAL = /^\\(?:if|elif|else|endif|echo|qecho|warn|set|unset|prompt)(?![A-Za-z_])/
const KNOWN =
  /^\\(?:\.|!|\?|(?:a|cd|conninfo|connect|copyright|copy|c|C|d[a-zA-Z]*\+?|edit|encoding|errverbose|e|ef|ev|flush|getenv|getresults|help|html|h|H|include_relative|include|ir|i|l\+?|list|lo_\w+|out|o|password|print|pset|p|quit|q|restrict|unrestrict|reset|r|setenv|sf|sv|s|startpipeline|endpipeline|syncpipeline|timing|t|T|write|w|x|z|f)(?![A-Za-z_]))/

/** What a backslash outside of quotes means: a line for psql, an end of the statement, or something inside of it. */
export type Backslash =
  | { means: 'line'; end: number }
  | { means: 'inside'; end: number }
  | { means: 'separator'; end: number }
  | { means: 'nothing' }

/** Reads the backslash at `pos`, which stands in a statement or, with `isStart`, before one. */
export function backslashAt(text: string, pos: number, { isStart }: { isStart: boolean }): Backslash {
  if (text[pos + 1] === ';') return { means: 'separator', end: pos + 2 }
  if (isStart) return { means: 'line', end: lineEnd(text, pos) }
  const command = text.slice(pos, pos + 30)
  if (SENDING.test(command)) return { means: 'line', end: lineEnd(text, pos) }
  if (!isFirstInLine(text, pos)) return { means: 'nothing' }
  if (CONDITIONAL.test(command)) return { means: 'inside', end: lineEnd(text, pos) }
  return KNOWN.test(command) ? { means: 'line', end: lineEnd(text, pos) } : { means: 'nothing' }
}

/** A line for the client of another database. `delimiter` is what ends statements from here on, if it says so. */
export type ClientLine = { end: number; client: 'mysql' | 'sql-server' | 'other'; delimiter: string }

/**
 * The line for another database's client that the word or dot from `pos` to `end` begins: `GO`, `DELIMITER //`, and,
 * with `isStart`, those of Oracle's and SQLite's. `isDelimited` says that a delimiter is set, `isNested` that a
 * parenthesis is open.
 */
export function clientLineAt(
  text: string,
  { pos, end }: { pos: number; end: number },
  place: { isStart: boolean; isDelimited: boolean; isNested: boolean },
): ClientLine | null {
  const word = end - pos > 9 ? '' : text.slice(pos, end).toLowerCase()
  if (word === '' || !isFirstInLine(text, pos)) return null
  if (word === 'go' && !place.isNested) {
    const line = loneEnd(text, end)
    return line < 0 ? null : { end: line, client: 'sql-server', delimiter: '' }
  }
  if (word === 'delimiter' && (place.isStart || place.isDelimited)) {
    const delimiter = newDelimiter(text, end)
    return delimiter === '' ? null : { end: lineEnd(text, end), client: 'mysql', delimiter }
  }
  const line = place.isStart ? text.slice(pos, shortLine(text, pos)) : ''
  if (!(line.startsWith('.') ? /^\.[a-z]{2,}/.test(line) : SQLPLUS.test(line))) return null
  return { end: lineEnd(text, pos), client: 'other', delimiter: '' }
}

/** Lines of Oracle's client, which no statement of PostgreSQL begins as. */
const SQLPLUS =
  /^(?:rem|prompt|spool|whenever)(?=[ \t\r\n]|$)|^set[ \t]+(?:define|serveroutput|feedback|echo|scan|verify|heading|linesize|pagesize|sqlblanklines)[ \t]+\w+[ \t]*;?[ \t]*$/i

/** End of the line if the slash at `pos` stands alone in it, as Oracle's clients want it behind a block; else -1. */
export function slashLineEnd(text: string, pos: number): number {
  return /^[ \t]*$/.test(text.slice(pos + 1, shortLine(text, pos))) && isFirstInLine(text, pos)
    ? shortLine(text, pos)
    : -1
}

function loneEnd(text: string, pos: number): number {
  const end = shortLine(text, pos)
  return /^(?:[ \t]+\d{1,6})?[ \t]*;?[ \t]*$/.test(text.slice(pos, end)) ? end : -1
}

/** End of the line, or a place in it that is too far off for a line with one word. */
function shortLine(text: string, pos: number): number {
  for (let at = pos; at < text.length; at++)
    if (at - pos > 60 || text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13) return at
  return text.length
}

/** The delimiter that a line `DELIMITER //` sets, whose word ends at `pos`; '' if it sets none. */
function newDelimiter(text: string, pos: number): string {
  const line = text.slice(pos, shortLine(text, pos))
  return /^[ \t]+(\S{1,10})[ \t]*$/.exec(line)?.[1] ?? ''
}

/**
 * Where the rows that follow a `copy ... from stdin` end, from the line after `pos` on: `end` is before the line `\.`,
 * `next` after it. Null when other things follow in the same line. `isEnded` is false when there is no such line.
 */
export type DataBlock = { start: number; end: number; next: number; isEnded: boolean }

export function dataBlock(text: string, pos: number, isWithoutEnds: boolean): DataBlock | null {
  if (!/^[ \t]*(?:--.*)?$/.test(text.slice(pos, shortLine(text, pos)))) return null
  const start = nextLine(text, pos)
  for (let at = isWithoutEnds ? -1 : text.indexOf('\\.', start); at >= 0; at = text.indexOf('\\.', at + 2)) {
    if (at > start && !isLineEnd(text.charCodeAt(at - 1))) continue
    if (at + 2 < text.length && !isLineEnd(text.charCodeAt(at + 2))) continue
    return { start, end: at, next: at + 2, isEnded: true }
  }
  return { start, end: text.length, next: text.length, isEnded: false }
}
