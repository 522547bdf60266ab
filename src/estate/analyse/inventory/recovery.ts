import { wordEnd } from './lex.ts'

/** A line that surely begins a statement, even where the lexer believes itself in a string. */
const STATEMENT_LINE =
  /^(?:create|alter|drop|grant|revoke|comment[ \t]+on|insert[ \t]+into|copy|truncate|select|update|delete[ \t]+from|do)\b/gim

/** Words that may stand directly behind the quote that ends a string. */
const AFTER_STRING = new Set(
  (
    'as from where and or in is not like ilike similar between then else end when order group having limit offset ' +
    'union except intersect on using with language collate at for returning into values escape desc asc uescape to ' +
    'returns stable immutable volatile strict security'
  ).split(' '),
)

/** Words after which a value follows, so that a percent sign there is no division's. */
const BEFORE_VALUE = new Set(
  (
    'limit offset in and or not like ilike between set values when then else by from into table where select on ' +
    'having to default returning using update join as is any all end call'
  ).split(' '),
)

/** Words after which a name follows, so that a square bracket there is no array's. */
const BEFORE_NAME = new Set('table into from join update view procedure exists use exec'.split(' '))

/** Whether a name has to follow the word at `pos`. */
export const takesName = (text: string, pos: number): boolean => BEFORE_NAME.has(wordAt(text, pos))

/** Whether the word at `pos` cannot be the left side of an operator. */
export const takesValue = (text: string, pos: number): boolean => BEFORE_VALUE.has(wordAt(text, pos))

/** Whether the letters at `pos`, directly behind a string, show that its quote did not end one. */
export const runsOn = (text: string, pos: number): boolean => !AFTER_STRING.has(wordAt(text, pos))

function wordAt(text: string, pos: number): string {
  return text.slice(pos, Math.min(wordEnd(text, pos), pos + 12)).toLowerCase()
}

/**
 * Finds where the file goes on after something that never ends. Each time costs a part of the file to be read again;
 * `isExhausted` says that a file has done so too often to be read in linear time with such care.
 */
export class Recovery {
  readonly #text: string
  #fuel: number
  /** The first line within strings and comments of this statement that looks like a statement's first. */
  #swallowed = -1
  #known = { from: 0, at: -1 }
  #isKnown = false

  constructor(text: string) {
    this.#text = text
    this.#fuel = Math.max(8 * text.length, 64_000_000)
  }

  get isExhausted(): boolean {
    return this.#fuel < 0
  }

  spend(cut: number): void {
    this.#fuel -= this.#text.length - cut
  }

  forget(): void {
    this.#swallowed = -1
  }

  noteSwallowed(start: number, end: number): void {
    if (this.#swallowed >= 0 || end - start < 8) return
    const at = this.#lineAfter(start)
    if (at < end) this.#swallowed = at
  }

  /** Where to cut what never ends, and began at `pos`: at a line that was swallowed before, else at the next one. */
  cutAfter(pos: number): number {
    if (this.isExhausted) return this.#text.length
    return this.#swallowed >= 0 ? this.#swallowed : this.#lineAfter(pos)
  }

  /** The line within `start` to `end` that follows a semicolon and begins a statement, -1 for none. */
  runsOver(start: number, end: number): number {
    if (this.isExhausted) return -1
    const at = this.#lineAfter(start)
    return at < end &&
      /;[ \t]*(?:--[^\n]{0,200})?[\r\n]+$/.test(this.#text.slice(Math.max(start, at - 300), at))
      ? at
      : -1
  }

  /**
   * The line in the dollar-quoted body from `start` to `end` that shows its last tag to open the body of another
   * statement, -1 for none.
   */
  reopens(start: number, end: number): number {
    if (end < 0 || this.isExhausted) return -1
    const from = Math.max(start, end - 1000)
    const body = this.#text.slice(from, this.#text.lastIndexOf('$', end - 2))
    const opener = /[\r\n](?:do|create\b[^;]*\bas)\s*$/i.exec(body)
    if (!opener) return -1
    const tagEnd = this.#text.indexOf('$', start + 1) + 1
    // What ends a statement follows a closing tag: the opening one is missing, and other statements were swallowed.
    const isCloser = /^\s*(?:;|language\b)/i.test(this.#text.slice(tagEnd, tagEnd + 30))
    return isCloser ? this.#lineAfter(start) : from + opener.index + 1
  }

  /** Whether the text from `pos` on begins, after blank lines, with a line that begins a statement. */
  beginsStatement(pos: number): boolean {
    const at = this.#lineAfter(pos)
    return at - pos < 1000 && /^\s*$/.test(this.#text.slice(pos, at))
  }

  /** Offset of the next line behind `pos` that begins a statement, else the text's length. */
  #lineAfter(pos: number): number {
    if (this.#isKnown && pos >= this.#known.from && pos < this.#known.at) return this.#known.at
    STATEMENT_LINE.lastIndex = pos + 1
    const at = STATEMENT_LINE.exec(this.#text)?.index ?? this.#text.length
    this.#known = { from: pos, at }
    this.#isKnown = true
    return at
  }
}
