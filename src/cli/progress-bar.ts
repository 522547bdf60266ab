import type { Clock } from '../kernel/clock.ts'
import { fitWidth } from '../kernel/text-width.ts'
import type { Terminal } from './terminal.ts'

const REDRAW_MS = 100
const BAR_WIDTH = 20

/** One line on standard error that is drawn over itself, at most ten times a second; nothing where there is no terminal. */
export class RedrawnLine {
  readonly #output: Terminal['stderr']
  readonly #clock: Clock
  #drawnMs = 0

  constructor(parts: { output: Terminal['stderr']; clock: Clock }) {
    this.#output = parts.output
    this.#clock = parts.clock
  }

  draw(line: () => string): void {
    const now = this.#clock.now().getTime()
    if (!this.#output.isTTY || now - this.#drawnMs < REDRAW_MS) return
    this.#drawnMs = now
    const columns = this.#output.columns ?? 80
    this.#output.write(`\r\u001b[2K${fitWidth(line(), columns - 1).trimEnd()}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#output.isTTY && this.#drawnMs > 0) this.#output.write('\r\u001b[2K')
  }
}

/** A share of 0-1 as a bar with its percentage. */
export function bar(share: number): string {
  const filled = Math.round(share * BAR_WIDTH)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)} %`
}

/** Seconds as 1:05 or 2:00:30. */
export function clockTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}
