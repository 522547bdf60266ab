import type { Readable, Writable } from 'node:stream'

import type { Clock } from '../kernel/clock.ts'
import type { Environment } from '../kernel/config.ts'

type Output = Writable & { isTTY?: boolean; columns?: number }

/** What surrounds a command: where it reads and writes, and how it is told to stop. */
export type Terminal = {
  stdin: Readable & { isTTY?: boolean }
  stdout: Output
  stderr: Output
  env: Environment
  cwd: string
  clock: Clock
  /** Calls `handler` for every SIGINT, SIGTERM and SIGHUP, and when a launcher is gone, until the returned function is called. */
  onSignal: (handler: () => void) => () => void
  /** Ends the process at once. */
  exit: (code: number) => void
}

const DEFAULT_COLUMNS = 120

/** Columns of standard output; a fixed number where it is no terminal. */
export function columnsOf(terminal: Terminal): number {
  return terminal.stdout.isTTY ? (terminal.stdout.columns ?? 80) : DEFAULT_COLUMNS
}

/** Writes text as it is and resolves when it is out, so that ending the process cuts nothing off. */
export function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes one line. */
export function writeLine(output: Writable, text: string): Promise<void> {
  return write(output, `${text}\n`)
}
