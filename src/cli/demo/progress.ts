import type { Clock } from '../../kernel/clock.ts'
import { bar, clockTime, RedrawnLine } from '../progress-bar.ts'
import type { Terminal } from '../terminal.ts'

/** Tells on standard error how far a demo is: a bar on a terminal, a line for each tenth elsewhere. */
export class DemoProgress {
  readonly #output: Terminal['stderr']
  readonly #clock: Clock
  readonly #drawn: RedrawnLine
  readonly #startedMs: number
  #done = 0
  #tenths = 0

  constructor(parts: { output: Terminal['stderr']; clock: Clock }) {
    this.#output = parts.output
    this.#clock = parts.clock
    this.#drawn = new RedrawnLine(parts)
    this.#startedMs = parts.clock.now().getTime()
  }

  /** `count` more of `total` things are in the town. */
  add({ label, count, total }: { label: string; count: number; total: number }): void {
    this.#done += count
    const share = Math.min(1, this.#done / total)
    if (this.#output.isTTY) {
      this.#drawn.draw(() => `${bar(share)}  ${this.#done} of ${total}  ${this.#left(share)} left  ${label}`)
      return
    }
    const tenths = Math.floor(share * 10)
    if (tenths <= this.#tenths) return
    this.#tenths = tenths
    this.#output.write(`demo: ${tenths * 10} %, ${label}\n`)
  }

  /** Takes the bar away. */
  end(): void {
    this.#drawn.end()
  }

  seconds(): number {
    return (this.#clock.now().getTime() - this.#startedMs) / 1000
  }

  #left(share: number): string {
    return clockTime(share > 0 ? (this.seconds() * (1 - share)) / share : 0)
  }
}
