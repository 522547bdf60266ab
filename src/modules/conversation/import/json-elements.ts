import { type ParsedTokenInfo as Token, Tokenizer, TokenParser, TokenType } from '@streamparser/json'

import { findObjectStart, longestStart } from './object-start.ts'

/** The longest element put together in memory, in bytes of JSON; the largest real ones have 20 MB. */
const maxElementBytes = 64 * 1024 * 1024

/** The most tokens of one element: 64 MiB of empty objects would take over a gigabyte of memory. */
const maxElementTokens = 4_000_000

/** Real exports nest about 15 levels; what lies deeper than this is replaced by null. */
export const maxDepth = 100

/** A file that breaks more often than this is no export, and looking on would cost more than it can find. */
const maxBreaks = 1000

/** An element of the array that a file holds, or why one could not be read. `index` counts from 1. */
export type JsonElement =
  | { kind: 'value'; index: number; value: unknown; isCut: boolean }
  | { kind: 'problem'; index: number; code: JsonProblem }

/** `TOO_DAMAGED` is the last element of a file: nothing is read after it. */
export type JsonProblem = 'BROKEN_JSON' | 'TOO_LARGE' | 'TOO_DAMAGED' | 'TRUNCATED_FILE'

export type JsonElementOptions = {
  /** The key that elements usually begin with, used to find the next one after a break until one was seen. */
  firstKey: string
  /** Tells an element, beyond doubt, from the objects within one; asked for each and after a break. */
  isElement: (value: object) => boolean
  /** Overrides the limits of 64 MiB and of 4 million tokens per element. */
  maxBytes?: number
  maxTokens?: number
}

/** Thrown through the tokenizer to stop it within a chunk; `at` is the offset from which to search on. */
class Stop extends Error {
  readonly at: number
  constructor(at: number) {
    super('stopped reading')
    this.at = at
  }
}

/**
 * Takes a JSON file apart while it arrives: the elements of its outermost array (or of an array within an
 * object) one by one, or the one object that it is. Holds one element at a time. Broken JSON costs the
 * element it is in: reading resumes at the next place that looks like an element's start, which no text
 * contains: quotes are escaped there.
 */
export class JsonElementReader {
  readonly #options: JsonElementOptions
  #state: 'start' | 'array' | 'element' | 'done' | 'searching' | 'given up' = 'start'
  #breaks = 0
  #isArray = true
  #isWrapped = false
  #isRecovering = false
  #index = 0
  #found: JsonElement[] = []
  #firstKey: string
  #tokenizer = this.#freshTokenizer()
  /** Bytes handed to the current tokenizer before the chunk in work: what its offsets are too large by. */
  #fed = 0
  #stop: Stop | null = null
  #lastOffset = -1
  #parser: TokenParser | null = null
  #depth = 0
  #tokens = 0
  #startedAt = 0
  #isCut = false
  #isAtFirstKey = false
  #carried: Uint8Array = new Uint8Array(0)
  /** The end of what was fed before the chunk in work. */
  #tail: Uint8Array = new Uint8Array(0)

  constructor(options: JsonElementOptions) {
    this.#options = options
    this.#firstKey = options.firstKey
  }

  /** Reads the next bytes, valid UTF-8 without a byte-order mark, and returns what they completed. */
  write(chunk: Uint8Array): JsonElement[] {
    let rest: Uint8Array | null = chunk
    while (rest !== null && rest.length > 0 && this.#state !== 'given up') {
      rest = this.#state === 'searching' ? this.#search(rest) : this.#tokenize(rest)
    }
    return this.#take()
  }

  /** Says that the file is over; a problem is returned if it should not have been. */
  end(): JsonElement[] {
    const isMissingSomething = this.#state === 'element' || this.#state === 'array' || this.#state === 'start'
    if (isMissingSomething) {
      const index = this.#state === 'element' ? this.#index : this.#index + 1
      this.#found.push({ kind: 'problem', index, code: 'TRUNCATED_FILE' })
    }
    return this.#take()
  }

  #take(): JsonElement[] {
    const found = this.#found
    this.#found = []
    return found
  }

  #freshTokenizer(): Tokenizer {
    // With buffers a text of many short pieces costs its size once, not one array entry per character.
    const tokenizer = new Tokenizer({ stringBufferSize: 4 * 1024, numberBufferSize: 64 })
    tokenizer.onToken = (token) => this.#onToken(token)
    tokenizer.onError = (error) => {
      this.#stop = error instanceof Stop ? error : new Stop(this.#lastOffset + 1)
      if (!(error instanceof Stop)) this.#report('BROKEN_JSON')
    }
    return tokenizer
  }

  /** Feeds the tokenizer; after a break returns what of the chunk is still to be searched. */
  #tokenize(chunk: Uint8Array): Uint8Array | null {
    this.#tokenizer.write(chunk)
    const fedBefore = this.#fed
    this.#fed += chunk.length
    const stop = this.#takeStop()
    if (stop !== null) {
      this.#giveUp()
      // The next start may have begun in an earlier chunk, swallowed by a text without its end.
      const from = stop.at - fedBefore
      if (from >= 0) return chunk.subarray(Math.min(from, chunk.length))
      return Buffer.concat([this.#tail.subarray(Math.max(this.#tail.length + from, 0)), chunk])
    }
    const fed = chunk.length < longestStart ? Buffer.concat([this.#tail, chunk]) : chunk
    this.#tail = fed.subarray(-longestStart)
    const limit = this.#options.maxBytes ?? maxElementBytes
    if (this.#state !== 'done' && this.#fed - this.#startedAt > limit) {
      this.#report('TOO_LARGE')
      this.#giveUp()
    }
    return null
  }

  #takeStop(): Stop | null {
    const stop = this.#stop
    this.#stop = null
    return stop
  }

  #giveUp(): void {
    this.#state = this.#breaks > maxBreaks ? 'given up' : 'searching'
    this.#parser = null
  }

  #report(code: 'BROKEN_JSON' | 'TOO_LARGE'): void {
    const index = this.#state === 'element' ? this.#index : this.#index + 1
    this.#breaks += 1
    this.#found.push({ kind: 'problem', index, code: this.#breaks > maxBreaks ? 'TOO_DAMAGED' : code })
  }

  #onToken(token: Token): void {
    this.#lastOffset = token.offset
    if (this.#state === 'element') this.#feed(token)
    else if (this.#state === 'start') this.#onStart(token)
    else if (this.#state === 'array') this.#onArray(token)
    else if (!this.#isWrapped) this.#fail(token)
  }

  #fail(token: Token, code: 'BROKEN_JSON' | 'TOO_LARGE' = 'BROKEN_JSON'): never {
    this.#report(code)
    // The token itself may be the next element's brace.
    throw new Stop(token.offset)
  }

  #onStart(token: Token): void {
    if (token.token === TokenType.LEFT_BRACKET) {
      this.#state = 'array'
      this.#startedAt = token.offset
    } else if (token.token === TokenType.LEFT_BRACE) {
      this.#isArray = false
      this.#begin(token)
    } else this.#fail(token)
  }

  #onArray(token: Token): void {
    if (token.token === TokenType.COMMA) return
    if (token.token === TokenType.RIGHT_BRACKET) this.#state = 'done'
    else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.COLON) this.#fail(token)
    else this.#begin(token)
  }

  #begin(token: Token): void {
    this.#index += 1
    this.#state = 'element'
    this.#startedAt = token.offset
    this.#depth = 0
    this.#tokens = 0
    this.#isCut = false
    this.#isAtFirstKey = token.token === TokenType.LEFT_BRACE
    const parser = new TokenParser()
    parser.onValue = ({ value, stack }) => {
      if (stack.length === 0) this.#complete(value)
      else if (this.#isElement(value)) this.#swallowed(value)
    }
    parser.onError = (error) => {
      throw error
    }
    this.#parser = parser
    this.#feed(token)
  }

  #feed(token: Token): void {
    const isOpening = token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET
    const isClosing = token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET
    this.#tokens += 1
    if (this.#tokens > (this.#options.maxTokens ?? maxElementTokens)) this.#fail(token, 'TOO_LARGE')
    if (isOpening) this.#depth += 1
    const isBeyond = this.#depth > maxDepth
    if (isClosing) this.#depth -= 1
    if (isBeyond) {
      this.#isCut = true
      if (!isOpening || this.#depth !== maxDepth + 1) return
    }
    this.#noteFirstKey(token)
    try {
      this.#parser?.write(isBeyond ? { token: TokenType.NULL, value: null } : token)
    } catch (error) {
      if (error instanceof Stop) throw error
      this.#fail(token)
    }
  }

  #noteFirstKey(token: Token): void {
    if (!this.#isAtFirstKey || token.offset === this.#startedAt) return
    this.#isAtFirstKey = false
    const isUsable = !this.#isRecovering && token.token === TokenType.STRING && this.#index === 1
    if (isUsable && /^\w{1,64}$/.test(String(token.value))) this.#firstKey = String(token.value)
  }

  #isElement(value: unknown): boolean {
    return typeof value === 'object' && value !== null && this.#options.isElement(value)
  }

  #complete(value: unknown): void {
    if (this.#isRecovering && !this.#isElement(value)) {
      this.#index -= 1
      this.#parser = null
      throw new Stop(this.#lastOffset + 1)
    }
    this.#add(value)
  }

  /**
   * An element within an element: the outer one lost a bracket and would swallow the whole rest of the file,
   * or it is no element but an object around the array. Either way the inner one counts and its neighbours
   * follow.
   */
  #swallowed(value: unknown): void {
    if (this.#isArray && !this.#isRecovering) {
      this.#report('BROKEN_JSON')
      this.#index += 1
    }
    this.#isWrapped ||= !this.#isArray
    this.#isArray = true
    this.#add(value)
  }

  #add(value: unknown): void {
    this.#parser = null
    this.#isRecovering = false
    this.#state = this.#isArray ? 'array' : 'done'
    this.#startedAt = this.#lastOffset
    this.#found.push({ kind: 'value', index: this.#index, value, isCut: this.#isCut })
  }

  /** Finds the next `{"key"` and prepares to read from there; what might be the start of one is kept. */
  #search(chunk: Uint8Array): Uint8Array | null {
    const bytes = this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk])
    this.#carried = new Uint8Array(0)
    const { at, isCertain } = findObjectStart(bytes, this.#firstKey)
    if (!isCertain) {
      this.#carried = bytes.subarray(at)
      return null
    }
    this.#tokenizer = this.#freshTokenizer()
    this.#fed = 0
    this.#lastOffset = -1
    this.#startedAt = 0
    this.#state = 'array'
    this.#isArray = true
    this.#isRecovering = true
    return bytes.subarray(at)
  }
}
