import { backslashAt, clientLineAt, dataBlock, slashLineEnd } from './client-lines.ts'
import {
  escapeStringEnd,
  isDigit,
  isLetter,
  isSpace,
  isWordPart,
  lineEnd,
  numberEnd,
  wordEnd,
} from './lex.ts'
import { PieceWriter } from './piece-writer.ts'
import { Recovery, runsOn, takesName, takesValue } from './recovery.ts'
import { Spans } from './spans.ts'
import type { Piece } from './statement.ts'
import { closingMarks, templateAt } from './templates.ts'

/**
 * Cuts the text of an SQL file into statements, lines for psql or another client, and the data of `copy ... from stdin`.
 * Takes any text in linear time and never throws: a string, comment or body that never ends is cut at the next line that
 * begins a statement, and the piece marked `isUnfinished`.
 */
export function splitSql(text: string): Piece[] {
  return new Splitter(text).run()
}

class Splitter {
  readonly #text: string
  readonly #writer: PieceWriter
  readonly #recovery: Recovery
  readonly #spans: Spans
  readonly #find: ReturnType<typeof closingMarks>
  #pos = 0
  #parentheses = 0
  #brackets = 0
  /** What the last token was, and where it began. */
  #last: 'start' | 'word' | 'operand' | 'operator' = 'start'
  #lastStart = 0
  /** Ends statements: `;`, or what a DELIMITER line of MySQL's client says. */
  #delimiter = ';'
  #hasNoDataEnds = false

  constructor(text: string) {
    this.#text = text
    this.#writer = new PieceWriter(text)
    this.#recovery = new Recovery(text)
    this.#find = closingMarks(text)
    this.#spans = new Spans(text, this.#find)
  }

  run(): Piece[] {
    for (;;) {
      while (this.#pos < this.#text.length) this.#step()
      const swallowed = this.#writer.swallowedSemicolon
      const isInside = this.#delimiter !== ';' || this.#writer.head.isInside(this.#parentheses)
      if (swallowed < 0 || !isInside) break
      // A body that never ends has swallowed the statements after it.
      this.#recovery.spend(swallowed)
      this.#writer.end(swallowed, { isUnfinished: true })
      this.#delimiter = ';'
      this.#reset(swallowed + 1)
    }
    this.#writer.end(this.#text.length)
    return this.#writer.pieces
  }

  #step(): void {
    const code = this.#text.charCodeAt(this.#pos)
    if (this.#delimiter !== ';' && this.#text.startsWith(this.#delimiter, this.#pos)) {
      this.#endStatement(this.#pos + this.#delimiter.length)
    } else if (isSpace(code)) this.#pos++
    else if (isLetter(code)) this.#word()
    else if (isDigit(code)) this.#take(numberEnd(this.#text, this.#pos), 'operand')
    else this.#mark(code)
  }

  #mark(code: number): void {
    const next = this.#text.charCodeAt(this.#pos + 1)
    switch (code) {
      case 39: // '
        return this.#string()
      case 34: // "
        return this.#quotedName(this.#spans.quoted(this.#pos))
      case 96: // `
        return this.#foreignName(this.#spans.backtick(this.#pos))
      case 36: // $
        return this.#dollar(next)
      case 45: // -
        if (next === 45) this.#pos = lineEnd(this.#text, this.#pos)
        else this.#take(this.#pos + 1, 'operator')
        return
      case 47: // /
        return next === 42 ? this.#span(this.#spans.comment(this.#pos), 'comment') : this.#slash()
      case 40: // (
      case 41: // )
      case 91: // [
      case 93: // ]
        return this.#bracket(code)
      case 59: // ;
        return this.#semicolon()
      case 92: // \
        return this.#backslash()
      case 35: // #
        return this.#hash()
      default:
        return this.#other(code, next)
    }
  }

  /** Goes on at `end` behind a token that began at `#pos`. */
  #take(end: number, kind: 'word' | 'operand' | 'operator'): void {
    this.#writer.take(this.#pos, end)
    this.#last = kind
    this.#lastStart = this.#pos
    this.#pos = end
  }

  /** Goes on behind something that may hold line ends, or at `cut`; `end` is -1 when it never ends. */
  #span(end: number, kind: 'operand' | 'comment', cut = -1): void {
    if (end < 0 || cut >= 0) return this.#unfinished(cut)
    this.#recovery.noteSwallowed(this.#pos, end)
    if (kind === 'comment') this.#pos = end
    else this.#take(end, kind)
  }

  /** Cuts the statement at `cut`, or where a line begins a statement that was swallowed. */
  #unfinished(cut: number): void {
    const at = cut >= 0 ? cut : this.#recovery.cutAfter(this.#pos)
    this.#recovery.spend(at)
    this.#writer.take(this.#pos, at)
    this.#writer.end(at, { isUnfinished: true })
    this.#reset(at)
  }

  #reset(pos: number): void {
    this.#pos = pos
    this.#parentheses = this.#brackets = 0
    this.#last = 'start'
    this.#recovery.forget()
  }

  #endStatement(next: number): void {
    this.#writer.end(this.#pos)
    this.#reset(next)
  }

  #word(): void {
    const text = this.#text
    const pos = this.#pos
    const end = wordEnd(text, pos)
    const first = text.charCodeAt(pos) | 32
    if (end - pos === 1 && first === 101 && text.charCodeAt(end) === 39)
      return this.#span(escapeStringEnd(text, end), 'operand')
    const isLonger = end - pos !== 2 && end - pos !== 9
    if (!(isLonger && this.#writer.isOpen) && this.#otherClient(end)) return
    this.#writer.word(pos, { end, depth: this.#parentheses })
    this.#take(end, 'word')
  }

  /** Takes a line for the client of another database, if the word that ends at `end` begins one. */
  #otherClient(end: number): boolean {
    const word = { pos: this.#pos, end }
    const isStart = !this.#writer.isOpen
    const isDelimited = this.#delimiter !== ';'
    const isNested = this.#parentheses > 0 && !this.#spans.isSqlServer
    const line = clientLineAt(this.#text, word, { isStart, isDelimited, isNested })
    if (!line) return false
    this.#clientLine(line.end)
    this.#delimiter = line.delimiter || this.#delimiter
    this.#spans.isMysql ||= line.client === 'mysql'
    this.#spans.isSqlServer ||= line.client === 'sql-server'
    return true
  }

  #clientLine(end: number): void {
    this.#writer.end(this.#pos)
    this.#writer.line(this.#pos, end)
    const readsStdin = /^\\copy\b.*\bfrom\s+stdin\b/i.test(
      this.#text.slice(this.#pos, Math.min(end, this.#pos + 1000)),
    )
    this.#reset(end)
    if (readsStdin) this.#data()
  }

  #string(): void {
    const end = this.#spans.string(this.#pos)
    const isGlued = end > 0 && isWordPart(this.#text.charCodeAt(end)) && runsOn(this.#text, end)
    this.#span(end, 'operand', isGlued ? this.#recovery.runsOver(this.#pos, end) : -1)
  }

  #dollar(next: number): void {
    if (isDigit(next)) return this.#take(numberEnd(this.#text, this.#pos), 'operand')
    const end = this.#spans.dollarQuoted(this.#pos)
    if (end === null) return this.#template()
    this.#span(end, 'operand', this.#recovery.reopens(this.#pos, end))
  }

  #quotedName(end: number): void {
    this.#writer.quotedName(this.#pos, end)
    this.#span(end, 'operand')
  }

  /** Takes a name quoted as other databases do, or the single character. */
  #foreignName(end: number): void {
    this.#take(end < 0 ? this.#pos + 1 : end, end < 0 ? 'operator' : 'operand')
  }

  #slash(): void {
    const end = this.#parentheses === 0 ? slashLineEnd(this.#text, this.#pos) : -1
    const isClients =
      end >= 0 &&
      (!this.#writer.isOpen || this.#writer.head.body !== 'none' || this.#recovery.beginsStatement(end))
    if (isClients) this.#clientLine(end)
    else this.#take(this.#pos + 1, 'operator')
  }

  #bracket(code: number): void {
    const name =
      code === 91
        ? this.#spans.bracketed(this.#pos, this.#last === 'word' && takesName(this.#text, this.#lastStart))
        : -1
    if (name >= 0) return this.#foreignName(name)
    if (code === 40) this.#parentheses++
    else if (code === 41) this.#parentheses = Math.max(0, this.#parentheses - 1)
    else if (code === 91) this.#brackets++
    else this.#brackets = Math.max(0, this.#brackets - 1)
    this.#take(this.#pos + 1, code === 41 || code === 93 ? 'operand' : 'operator')
  }

  #semicolon(): void {
    const { head } = this.#writer
    const isInside =
      this.#delimiter !== ';' || (head.keepsSemicolon(this.#parentheses) && !this.#recovery.isExhausted)
    if (isInside && !(head.body === 'open' && this.#recovery.beginsStatement(this.#pos + 1))) {
      this.#writer.swallow(this.#pos)
      return this.#take(this.#pos + 1, 'operator')
    }
    const { readsStdin } = head
    this.#endStatement(this.#pos + 1)
    if (readsStdin) this.#data()
  }

  #data(): void {
    const block = dataBlock(this.#text, this.#pos, this.#hasNoDataEnds)
    if (!block) return
    this.#hasNoDataEnds ||= !block.isEnded
    const end = block.isEnded ? block.end : this.#recovery.cutAfter(block.start - 1)
    this.#writer.data(block.start, { end, isUnfinished: !block.isEnded })
    this.#reset(block.isEnded ? block.next : end)
  }

  #backslash(): void {
    const found = backslashAt(this.#text, this.#pos, { isStart: !this.#writer.isOpen })
    if (found.means === 'line') this.#clientLine(found.end)
    else if (found.means === 'separator') this.#endStatement(found.end)
    else if (found.means === 'inside') {
      this.#writer.token(this.#pos, { end: found.end, stands: 'blank' })
      this.#take(found.end, 'operator')
    } else this.#take(this.#pos + 1, 'operator')
  }

  #hash(): void {
    const isComment =
      !this.#writer.isOpen ||
      (this.#spans.isMysql && /^[\s,;)]#[\s\w#-]/.test(this.#text.slice(this.#pos - 1, this.#pos + 2)))
    if (isComment && this.#text[this.#pos + 1] !== '{') this.#pos = lineEnd(this.#text, this.#pos)
    else this.#template()
  }

  #other(code: number, next: number): void {
    if (code === 46 && this.#otherClient(this.#pos + 1)) return
    if (code === 58 && (next === 58 || next === 61)) return this.#take(this.#pos + 2, 'operator')
    if (code === 58 || code === 123 || code === 37 || code === 64 || code === 60) return this.#template()
    this.#take(this.#pos + 1, 'operator')
  }

  #template(): void {
    const token = templateAt(
      {
        text: this.#text,
        isAfterOperand: this.#last === 'operand',
        isAfterName: this.#last === 'word' && !takesValue(this.#text, this.#lastStart),
        isInBrackets: this.#brackets > 0,
        find: this.#find,
      },
      this.#pos,
    )
    if (!token) return this.#take(this.#pos + 1, 'operator')
    this.#writer.token(this.#pos, token)
    // What controls the template is no part of a statement that has not begun.
    if (token.stands === 'blank') this.#pos = token.end
    else this.#take(token.end, token.stands === 'name' ? 'word' : 'operand')
  }
}
