/** The answer is due within 100 ms, whatever the database does; the rest is for the way. */
const DUE_MS = 60
/** A check that takes longer than this says nothing any more about now. */
const STALE_MS = 5_000

/**
 * Asks whether the server is ready, with a deadline: a check that is late is answered with the last result, as long as
 * that is recent, and with no otherwise. One check runs at a time, however many ask.
 */
export class Readiness {
  readonly #ask: () => Promise<boolean>
  #running: Promise<boolean> | null = null
  #last: { isReady: boolean; at: number } | null = null

  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask
  }

  async check(): Promise<boolean> {
    this.#running ??= this.#run()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(this.#recent()), DUE_MS)
    })
    try {
      return await Promise.race([this.#running, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #recent(): boolean {
    return this.#last !== null && performance.now() - this.#last.at < STALE_MS && this.#last.isReady
  }

  async #run(): Promise<boolean> {
    const isReady = await this.#ask().catch(() => false)
    this.#last = { isReady, at: performance.now() }
    this.#running = null
    return isReady
  }
}
