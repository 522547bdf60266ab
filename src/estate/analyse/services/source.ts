/** A run of a literal's source: text, or the code of a hole in it. Offsets are of the file. */
export type Part = { start: number; end: number; isHole: boolean; escapes: Escapes }

/** How the text of a part is written. `backslash` 'quotes' knows `\\` and `\'` alone; a doubled character means one. */
export type Escapes = { backslash: 'all' | 'quotes' | 'none'; doubled: string }

/** What a language finds at a place: a string with its parts, or something that only has to be skipped. */
export type Literal = { end: number; parts: Part[] | null; isTemplate?: boolean }

/** Takes the tokens of a source file, in order; comments and spaces are left out. */
export type TokenSink = {
  literal: (literal: Literal, at: number) => void
  word: (word: string, at: number, isBeforeValue: boolean) => void
  /** One character that is neither word nor literal. */
  mark: (character: string, at: number) => void
  lineEnd: () => void
  done: (at: number) => void
}

/** How a language writes strings, and what it does with two of them. */
export type Language = {
  name: string
  /** Characters with which a comment or a literal may begin; nothing is tried at others. */
  starts: string
  /** Letters with which a literal may begin, as in `f"..."`. */
  prefixes?: string
  /** Sticky: a comment, at its first character. */
  comment: RegExp
  /** The operator that joins two strings. */
  join: '+' | '.'
  /** Whether two strings beside each other are one. */
  adjacent: boolean
  /** What a line end ends: nothing, a statement, or a statement outside brackets. */
  lineEnds: 'nothing' | 'statement' | 'outside-brackets'
  /** Where code begins, as after `<?php`. */
  codeFrom?: (source: Source) => number
  /** The literal at `at`, or null if none begins there. */
  literal: (source: Source, at: number) => Literal | null
}

/** A file's text with what its scanner has to remember, so that nothing is looked at twice. */
export class Source {
  readonly text: string
  /** Whether the token before could end an operand: then `/` divides and `<<` shifts. */
  isAfterOperand = false
  /** Where code goes on after the line, when strings that begin on the next line have been read: heredocs. */
  heredocsEnd = 0
  /** Heredocs that nothing ended; each costs a look at the rest of the file. */
  heredocsLost = 0
  readonly #failed = new Map<string, number>()

  constructor(text: string) {
    this.text = text
  }

  /** Whether something was tried before without finding its end, which lay beyond `at`. */
  hasFailed(what: string, at: number) {
    return at < (this.#failed.get(what) ?? 0)
  }

  /** Nothing of the kind is tried again before the end of the line. */
  fail(what: string, at: number) {
    const end = this.text.indexOf('\n', at)
    this.#failed.set(what, end < 0 ? this.text.length : end)
    return null
  }
}

/** The match of a sticky expression at a place. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Turns offsets of a text into its 1-based lines, by bisection. */
export function lineCounter(text: string): (offset: number) => number {
  const ends: number[] = []
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at)
  return (offset) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
