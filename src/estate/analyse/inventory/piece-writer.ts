import { lineCounter } from './lex.ts'
import type { Piece } from './statement.ts'
import { StatementHead } from './statement-head.ts'
import { standIn, type Token } from './templates.ts'

const TOKEN_IN_NAME = /\{\{[^}]*\}\}|\$\{[^}]*\}|<%=[^%]*%>|@[A-Za-z_.]+@|__[A-Z]+__/

type Placed = Token & { start: number }

/** The language's own trim takes more than the lexer does, such as a byte order mark, which may be part of a word. */
function withoutLastBlanks(text: string): string {
  let end = text.length
  while (end > 0 && ' \t\n\r\f\v'.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** Holds the statement that the lexer is in, and the pieces that it has cut. */
export class PieceWriter {
  readonly pieces: Piece[] = []
  head = new StatementHead()
  /** Offset of the first semicolon that a body has kept; -1 for none. */
  swallowedSemicolon = -1
  readonly #text: string
  readonly #lineOf: (offset: number) => number
  #start = -1
  #end = 0
  #tokens: Placed[] = []
  /** Template tokens before the statement. */
  #before: string[] = []

  constructor(text: string) {
    this.#text = text
    this.#lineOf = lineCounter(text)
  }

  get isOpen(): boolean {
    return this.#start >= 0
  }

  take(start: number, end: number): void {
    if (this.#start < 0) this.#start = start
    this.#end = end
  }

  word(start: number, place: { end: number; depth: number }): void {
    if (this.head.isWatching) this.head.word(this.#text, start, place)
    if (isMarker(this.#text, start, place.end)) this.#tokens.push({ start, end: place.end, stands: 'marker' })
  }

  /** Takes note of a token within a quoted name, which the parser gets as it is. */
  quotedName(start: number, end: number): void {
    if (end - start < 200 && TOKEN_IN_NAME.test(this.#text.slice(start, end)))
      this.#tokens.push({ start, end, stands: 'marker' })
  }

  token(start: number, token: Token): void {
    if (this.#start < 0 && token.stands === 'blank') this.#before.push(this.#text.slice(start, token.end))
    else this.#tokens.push({ ...token, start })
  }

  swallow(semicolon: number): void {
    if (this.swallowedSemicolon < 0) this.swallowedSemicolon = semicolon
  }

  /** Ends the statement at `limit`, which may lie before its last token. */
  end(limit: number, { isUnfinished } = { isUnfinished: false }): void {
    if (this.#start >= 0) {
      const end = Math.min(this.#end, limit)
      const tokens = this.#tokens.filter((token) => token.end <= end)
      const text = withoutLastBlanks(this.#text.slice(this.#start, end))
      this.pieces.push({
        kind: 'sql',
        text,
        line: this.#lineOf(this.#start),
        start: this.#start,
        templates: [...this.#before, ...tokens.map((token) => this.#text.slice(token.start, token.end))],
        parsable: tokens.length > 0 ? this.#parsable(tokens, this.#start + text.length) : text,
        isUnfinished,
      })
      this.#before = []
    }
    this.#start = -1
    this.#tokens = []
    this.swallowedSemicolon = -1
    this.head = new StatementHead()
  }

  /** A line for psql or for the client of another database. */
  line(start: number, end: number): void {
    this.#plain('psql', { start, end, isUnfinished: false })
  }

  data(start: number, { end, isUnfinished }: { end: number; isUnfinished: boolean }): void {
    this.#plain('data', { start, end, isUnfinished })
  }

  #plain(
    kind: 'psql' | 'data',
    { start, end, isUnfinished }: { start: number; end: number; isUnfinished: boolean },
  ): void {
    const text = this.#text.slice(start, end)
    if (text.trim() === '') return
    const kept = kind === 'psql' ? text.trimEnd() : text
    this.pieces.push({
      kind,
      text: kept,
      line: this.#lineOf(start),
      start,
      templates: [],
      parsable: '',
      isUnfinished,
    })
  }

  #parsable(tokens: Placed[], end: number): string {
    const parts: string[] = []
    let from = this.#start
    for (const token of tokens) {
      if (token.stands === 'marker') continue
      parts.push(
        this.#text.slice(from, token.start),
        standIn(this.#text.slice(token.start, token.end), token.stands),
      )
      from = token.end
    }
    parts.push(this.#text.slice(from, end))
    return parts.join('')
  }
}

/** Whether the word is like `__SCHEMA__`, which some build replaces. */
function isMarker(text: string, start: number, end: number): boolean {
  if (end - start < 5 || text.charCodeAt(start) !== 95 || text.charCodeAt(start + 1) !== 95) return false
  return /^__[A-Z][A-Z0-9_]*__$/.test(text.slice(start, end))
}
