import { commentEnd, isLetter, isSpace, lineEnd, wordEnd } from './lex.ts'

/** What may stand between `create` and the kind of a routine, in any of the dialects. */
const BEFORE_KIND = new Set(
  'or replace alter temp temporary constraint editionable noneditionable aggregate definer'.split(' '),
)
const ROUTINES = new Set(['function', 'procedure', 'proc', 'package', 'trigger', 'event'])
/** What a statement list begins with after the `begin` of a body that is not quoted. */
const BODY_STARTS = new Set(
  (
    'select insert update delete replace with merge set declare if return call while loop begin exec ' +
    'execute raise print null case open try catch signal start'
  ).split(' '),
)
const END_OF_BLOCK = new Set(['if', 'loop', 'while', 'repeat', 'for'])

/**
 * Knows from a statement's words whether a semicolon ends it: not within the body of a `begin atomic`, nor of routines
 * as MySQL, SQLite, SQL Server and Oracle write them.
 */
export class StatementHead {
  kind: 'unknown' | 'plain' | 'rule' | 'routine' | 'copy' = 'unknown'
  /** `open` is a body that may declare things before its `begin`; only a line of the client surely ends it. */
  body: 'none' | 'atomic' | 'foreign' | 'open' = 'none'
  readsStdin = false
  #words = 0
  #routine = ''
  #isAfterDefiner = false
  #depth = 0
  #previous = ''

  get isWatching(): boolean {
    return this.kind !== 'plain' && this.kind !== 'rule'
  }

  /** Takes in the word from `start` to `end`, `depth` parentheses deep. */
  word(text: string, start: number, place: { end: number; depth: number }): void {
    if (place.end - start > 12) {
      this.#words++
      this.#previous = ''
      return
    }
    const word = text.slice(start, place.end).toLowerCase()
    if (this.kind === 'unknown') this.#classify(word)
    else if (place.depth === 0) {
      if (this.kind === 'copy') this.readsStdin ||= this.#previous === 'from' && word === 'stdin'
      else if (this.#depth > 0) this.#inBody(word, text, { start, end: place.end })
      else this.#beforeBody(word, text, place.end)
    }
    this.#previous = word
    this.#words++
  }

  /** Whether a semicolon `depth` parentheses deep belongs to the statement. */
  keepsSemicolon(depth: number): boolean {
    return this.isInside(depth) || this.body === 'open'
  }

  /** Whether something is open that has to be closed before the file ends. */
  isInside(depth: number): boolean {
    return (this.kind === 'rule' && depth > 0) || this.#depth > 0
  }

  #classify(word: string): void {
    if (this.#words === 0) {
      if (word === 'copy') this.kind = 'copy'
      else if (word !== 'create' && word !== 'alter') this.kind = 'plain'
    } else if (word === 'rule') this.kind = 'rule'
    else if (ROUTINES.has(word)) {
      this.kind = 'routine'
      this.#routine = word
    } else if (word === 'definer') this.#isAfterDefiner = true
    else if (this.#words > 8 || !(this.#isAfterDefiner || BEFORE_KIND.has(word))) this.kind = 'plain'
  }

  #beforeBody(word: string, text: string, end: number): void {
    if (word === 'begin') {
      const next = wordAfter(text, end)
      if (next === 'atomic') this.body = 'atomic'
      else if (this.body === 'open' || BODY_STARTS.has(next)) {
        // A package goes on behind each of its procedures.
        if (this.#routine !== 'package') this.body = 'foreign'
      } else return
      this.#depth = 1
    } else if ((word === 'as' || word === 'is') && this.body === 'none') {
      // A trigger's `referencing new table as name` is the server's own.
      if (this.#routine !== 'trigger' && this.#routine !== 'event' && wordAfter(text, end) !== '')
        this.body = 'open'
    }
  }

  #inBody(word: string, text: string, { start, end }: { start: number; end: number }): void {
    const isName = this.#previous === 'as' || text.charCodeAt(start - 1) === 46
    if (this.body === 'atomic' && isName) return
    if (word === 'case') {
      if (this.#previous !== 'end') this.#depth++
    } else if (word === 'begin') {
      if (!/^(?:tran|transaction|work)$/.test(wordAfter(text, end))) this.#depth++
    } else if (word === 'end') {
      if (this.body !== 'atomic' && END_OF_BLOCK.has(wordAfter(text, end))) return
      this.#depth--
    }
  }
}

/** The word that follows, in lower case; '' for anything else, such as the prefix of an `E'...'`. */
function wordAfter(text: string, pos: number): string {
  let at = pos
  // Some comments may stand between; a hundred of them are no reason to look further.
  for (let comments = 0; comments < 100;) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) at++
    else if (text.startsWith('--', at)) {
      at = lineEnd(text, at)
      comments++
    } else if (text.startsWith('/*', at)) {
      const end = commentEnd(text, at)
      if (end < 0) return ''
      at = end
      comments++
    } else break
  }
  if (!isLetter(text.charCodeAt(at))) return ''
  const end = wordEnd(text, at)
  const next = text.charCodeAt(end)
  if (end - at === 1 && (next === 39 || next === 38)) return ''
  return end - at > 20 ? '(long)' : text.slice(at, end).toLowerCase()
}
