import { commentEnd, dollarTagLength, escapedEnd, isLetter, quotedEnd } from './lex.ts'
import type { Place } from './templates.ts'

/** Ends of what is quoted in one file, by PostgreSQL's rules until something in it shows that it is of another database. */
export class Spans {
  /** Backslashes escape in every string, as MySQL reads them, and `#` begins a comment. */
  isMysql = false
  /** Square brackets quote names. */
  isSqlServer = false
  readonly #text: string
  readonly #find: Place['find']

  constructor(text: string, find: Place['find']) {
    this.#text = text
    this.#find = find
  }

  /** End of the `'...'` at `pos`, -1 when it never ends. */
  string(pos: number): number {
    const end = this.quoted(pos)
    const isOfMysql =
      !this.isMysql &&
      end - pos > 3 &&
      this.#text.charCodeAt(end - 2) === 92 &&
      isLetter(this.#text.charCodeAt(end))
    if (!isOfMysql) return end
    // Nothing but an escaped apostrophe, as in 'it\'s', has letters glued to a string that ends in a backslash.
    this.isMysql = true
    return this.quoted(pos)
  }

  /** End of the `'...'` or `"..."` at `pos`, -1 when it never ends. */
  quoted(pos: number): number {
    if (!this.isMysql) return quotedEnd(this.#text, pos)
    // `escape '\'` and `f(a, '\')` are the server's own way to write a backslash.
    const isBackslash =
      this.#text.startsWith("'\\'", pos) &&
      (/^[),]/.test(this.#text.charAt(pos + 3)) ||
        /\bescape\s*$/i.test(this.#text.slice(Math.max(0, pos - 20), pos)))
    if (isBackslash) return pos + 3
    return escapedEnd(this.#text, pos)
  }

  /** End of the name in backticks at `pos`; -1 when it is none. */
  backtick(pos: number): number {
    const end = this.#find('`', pos + 1)
    if (end < 0 || end - pos > 200) return -1
    this.isMysql = true
    return end + 1
  }

  /** End of the name in square brackets at `pos`; -1 when it is none, as always in PostgreSQL. */
  bracketed(pos: number, mustBeName: boolean): number {
    this.isSqlServer ||= mustBeName && /^\[[A-Za-z_][^\r\n;\]]*\]/.test(this.#text.slice(pos, pos + 130))
    const end = this.isSqlServer ? this.#find(']', pos + 1) : -1
    return end < 0 || end - pos > 130 ? -1 : end + 1
  }

  /** End of the `$tag$...$tag$` at `pos`: -1 when it never ends, null when there is no tag. */
  dollarQuoted(pos: number): number | null {
    const length = dollarTagLength(this.#text, pos)
    if (length === 0) return null
    const end = this.#text.indexOf(this.#text.slice(pos, pos + length), pos + length)
    return end < 0 ? -1 : end + length
  }

  /** End of the comment at `pos`, -1 when it never ends. */
  comment(pos: number): number {
    if (/^\/\*!\d{5}/.test(this.#text.slice(pos, pos + 8))) this.isMysql = true
    return commentEnd(this.#text, pos)
  }
}
