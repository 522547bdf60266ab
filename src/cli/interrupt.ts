import type { Terminal } from './terminal.ts'

/** One key press can arrive twice, from the terminal and from a launcher that passes it on. */
const SAME_SIGNAL_MS = 250

/** Exit code of a process that was ended by hand. */
const ENDED_BY_SIGNAL = 130

/**
 * Turns signals into one that work can listen to: the first asks it to stop, a second one ends the process at once.
 * Call `release` when the work is over.
 */
export function interruptible(terminal: Pick<Terminal, 'clock' | 'onSignal' | 'exit'>): {
  signal: AbortSignal
  release: () => void
} {
  const controller = new AbortController()
  let firstAt: number | null = null
  const release = terminal.onSignal(() => {
    const now = terminal.clock.now().getTime()
    if (firstAt === null) {
      firstAt = now
      controller.abort()
    } else if (now - firstAt >= SAME_SIGNAL_MS) {
      terminal.exit(ENDED_BY_SIGNAL)
    }
  })
  return { signal: controller.signal, release }
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
