import { basename } from 'node:path'

import type { Clock } from '../../kernel/clock.ts'
import { safeLine } from '../../kernel/safe-text.ts'
import { bar, clockTime, RedrawnLine } from '../progress-bar.ts'
import type { Terminal } from '../terminal.ts'

/** Shorter files are over before anybody wonders. */
const WORTH_A_LINE_BYTES = 10_000_000

/** Tells on standard error how far an import is: a bar on a terminal, a line for each tenth of a large file elsewhere. */
export class Progress {
  readonly #output: Terminal['stderr']
  readonly #clock: Clock
  readonly #drawn: RedrawnLine
  readonly #total: number
  readonly #startedMs: number
  #file = ''
  #doneBefore = 0
  #done = 0
  #tenths = 0
  conversations = 0
  messages = 0

  constructor(parts: { output: Terminal['stderr']; clock: Clock; totalBytes: number }) {
    this.#output = parts.output
    this.#clock = parts.clock
    this.#drawn = new RedrawnLine(parts)
    this.#total = parts.totalBytes
    this.#startedMs = parts.clock.now().getTime()
  }

  begin(file: string): void {
    this.#file = safeLine(basename(file))
    this.#doneBefore += this.#done
    this.#done = 0
    this.#tenths = 0
  }

  /** How many bytes of the current file have been read. */
  bytes(done: number, total: number): void {
    this.#done = done
    if (this.#output.isTTY) return this.draw()
    const tenths = total === 0 ? 10 : Math.floor((done * 10) / total)
    if (total < WORTH_A_LINE_BYTES || tenths <= this.#tenths) return
    this.#tenths = tenths
    this.#output.write(`${this.#file}: ${tenths * 10} %, ${this.#counts()}\n`)
  }

  /** Draws the bar, at most ten times a second. */
  draw(): void {
    this.#drawn.draw(() => this.line())
  }

  /** Takes the bar away. */
  end(): void {
    this.#drawn.end()
  }

  /** The bar in words: share of the bytes, counts, messages a second, time left. */
  line(): string {
    const done = this.#doneBefore + this.#done
    const share = this.#total === 0 ? 1 : Math.min(1, done / this.#total)
    const seconds = (this.#clock.now().getTime() - this.#startedMs) / 1000
    const rate = seconds > 0 ? Math.round(this.messages / seconds) : 0
    const left = share > 0 ? (seconds * (1 - share)) / share : 0
    return `${bar(share)}  ${this.#counts()}  ${rate}/s  ${clockTime(left)} left  ${this.#file}`
  }

  #counts(): string {
    return `${this.conversations} conversations, ${this.messages} messages`
  }
}
