import { RAW } from './quoted.ts'
import type { Language, Literal, Part, TokenSink } from './source.ts'

/** A string as the program makes it of literals and of values that only it knows. */
export type SourceString = {
  /** Offset of the first literal. */
  at: number
  parts: Part[]
  /** The function it is handed to, or the tag of its template; '' where there is none. */
  callee: string
  /** Whether `%s` in it is filled in before it is sent, as Python's `%` does. */
  isFormatted: boolean
}

type Chain = SourceString & { lastStart: number }
type State = 'idle' | 'string' | 'join' | 'operand' | 'dot' | 'method'

/** What stands between two brackets, or around all of them. */
type Frame = {
  state: State
  chain: Chain | null
  /** Where the operand began that is being passed over. */
  operandAt: number
  /** The name that the brackets call; '' for a group. */
  callee: string
  isGroup: boolean
  /** Nothing but the string in `chain` stands in it so far. */
  isPure: boolean
  /** The word before, which may be a function's name, also across `.`, `>` and `:`. */
  word: string
  isAfterOperand: boolean
}

/** A string with more parts is not joined onto another: that keeps nested brackets linear. */
const MOST_PARTS_TO_COPY = 64

const newFrame = (callee: string, isGroup: boolean): Frame => ({
  state: 'idle',
  chain: null,
  operandAt: 0,
  callee,
  isGroup,
  isPure: true,
  word: '',
  isAfterOperand: false,
})

/** Joins the literals of a token stream; a frame for each open bracket stands in for recursion. */
export class StringJoiner implements TokenSink {
  readonly #language: Language
  readonly #found: (string: SourceString) => void
  readonly #frames: Frame[] = [newFrame('', false)]
  #isAfterWord = false
  #wordEnd = -1
  #lastEnd = 0

  constructor(language: Language, found: (string: SourceString) => void) {
    this.#language = language
    this.#found = found
  }

  get #frame() {
    return this.#frames.at(-1)!
  }

  literal(literal: Literal, at: number) {
    const frame = this.#frame
    if (!literal.parts) {
      if (frame.state === 'join') this.#startOperand(frame, at)
      else if (frame.state !== 'operand') this.#end(frame)
    } else {
      const isTag = literal.isTemplate === true && this.#wordEnd === at
      this.#string(frame, {
        at,
        lastStart: 0,
        parts: literal.parts,
        callee: frame.word && (isTag || this.#isAfterWord) ? frame.word : frame.callee,
        isFormatted: false,
      })
    }
    frame.word = ''
    this.#isAfterWord = false
    this.#lastEnd = literal.end
    frame.isAfterOperand = true
  }

  word(word: string, at: number, isBeforeValue: boolean) {
    const frame = this.#frame
    if (frame.state === 'join') this.#startOperand(frame, at)
    else if (frame.state === 'dot') {
      frame.state = 'method'
    } else if (frame.state === 'operand') {
      const isPrefix = /^(?:new|await|typeof|not|clone)$/.test(frame.word)
      if (this.#isAfterWord && !isPrefix) this.#end(frame, this.#lastEnd)
    } else if (frame.state !== 'idle') this.#end(frame)
    else frame.isPure = false
    frame.word = word
    frame.isAfterOperand = !isBeforeValue
    this.#isAfterWord = true
    this.#wordEnd = this.#lastEnd = at + word.length
  }

  mark(character: string, at: number) {
    const frame = this.#frame
    this.#lastEnd = at + 1
    if (character === this.#language.join) this.#joined(frame, at)
    else if ('([{'.includes(character)) this.#open(frame, character, at)
    else if (')]}'.includes(character)) this.#close(at)
    else this.#other(frame, character, at)
    if ('([{)]}'.includes(character)) return
    if (!(character === '.' || character === '>' || character === ':')) frame.word = ''
    frame.isAfterOperand = false
    this.#isAfterWord = false
  }

  lineEnd() {
    const { lineEnds } = this.#language
    const frame = this.#frame
    const isInside = this.#frames.length > 1
    if (lineEnds === 'nothing' || (lineEnds === 'outside-brackets' && isInside)) return
    if (frame.state !== 'join' && frame.state !== 'idle') this.#end(frame, this.#lastEnd)
    if (frame.state === 'idle') {
      frame.word = ''
      frame.isAfterOperand = false
    }
  }

  done(at: number) {
    while (this.#frames.length > 1) this.#close(at)
    this.#end(this.#frame, at)
  }

  #startOperand(frame: Frame, at: number) {
    frame.state = 'operand'
    frame.operandAt = at
    frame.word = ''
  }

  #string(frame: Frame, chain: Chain) {
    const isAdjacent = frame.state === 'string' && this.#language.adjacent
    if (frame.chain && (frame.state === 'join' || isAdjacent)) {
      frame.chain.lastStart = frame.chain.parts.length
      for (const part of chain.parts) frame.chain.parts.push(part)
    } else {
      if (frame.chain) this.#end(frame)
      frame.chain = chain
    }
    frame.state = 'string'
  }

  #joined(frame: Frame, at: number) {
    if (frame.state === 'operand') this.#hole(frame, at)
    if (frame.chain) frame.state = 'join'
    else frame.isPure = false
  }

  #hole(frame: Frame, to: number) {
    if (!frame.chain || to <= frame.operandAt) return
    frame.chain.lastStart = frame.chain.parts.length
    frame.chain.parts.push({ start: frame.operandAt, end: to, isHole: true, escapes: RAW })
  }

  #open(frame: Frame, character: string, at: number) {
    const isCall = frame.isAfterOperand
    const callee = character === '(' ? (isCall ? frame.word : frame.callee) : frame.callee
    if (frame.state === 'join') this.#startOperand(frame, at)
    else if (frame.state === 'string' || frame.state === 'dot') this.#end(frame, at)
    else if (frame.state === 'idle' && (isCall || character !== '(')) frame.isPure = false
    this.#frames.push(newFrame(character === '{' ? '' : callee, character === '(' && !isCall))
    this.#isAfterWord = false
  }

  #close(at: number) {
    if (this.#frames.length === 1) return this.#end(this.#frame, at)
    const inner = this.#frames.pop()!
    const outer = this.#frame
    if (inner.state === 'operand') this.#hole(inner, at)
    const isString = inner.isPure && inner.isGroup && inner.chain !== null
    if (outer.state === 'method' && !isString) {
      this.#finish(inner)
      this.#called(outer, at)
    } else if (isString) this.#grouped(outer, inner)
    else this.#finish(inner)
    outer.word = ''
    outer.isAfterOperand = true
    this.#isAfterWord = false
  }

  /** Brackets with a string alone in them are that string. */
  #grouped(outer: Frame, inner: Frame) {
    const chain = inner.chain!
    const isSmall = chain.parts.length <= MOST_PARTS_TO_COPY
    if (outer.state === 'operand' && outer.chain && isSmall) {
      outer.state = 'join'
      this.#string(outer, chain)
    } else if (outer.state === 'idle') {
      outer.chain = chain
      outer.state = 'string'
    } else this.#finish(inner)
  }

  /** A method of the string was called: `join` makes a value of it, `format` fills it in, others leave it as it is. */
  #called(frame: Frame, at: number) {
    const { chain } = frame
    if (chain && frame.word === 'join') {
      const [first] = chain.parts.splice(chain.lastStart)
      if (chain.parts.length === 0) frame.chain = null
      else chain.parts.push({ start: (first?.start ?? at) - 1, end: at + 1, isHole: true, escapes: RAW })
    } else if (chain && /^format/i.test(frame.word)) chain.isFormatted = true
    frame.state = frame.chain ? 'string' : 'idle'
  }

  #other(frame: Frame, character: string, at: number) {
    const { state } = frame
    if (state === 'string' && character === '.') frame.state = 'dot'
    else if (state === 'string' && character === '%' && frame.chain) {
      frame.chain.isFormatted = true
      this.#end(frame)
    } else if (state === 'string' || state === 'dot' || state === 'method') this.#end(frame)
    else if (state === 'operand') {
      if (character === ',' || character === ';') this.#end(frame, at)
    } else if (state === 'join') {
      if (character === ',' || character === ';') this.#end(frame)
      else this.#startOperand(frame, at)
    } else frame.isPure = false
  }

  /** The string is whole; what comes after it is no part of it. */
  #end(frame: Frame, at = 0) {
    if (frame.state === 'operand') this.#hole(frame, at)
    this.#finish(frame)
    frame.state = 'idle'
    frame.isPure = false
  }

  #finish(frame: Frame) {
    if (frame.chain && frame.chain.parts.length > 0) this.#found(frame.chain)
    frame.chain = null
  }
}
