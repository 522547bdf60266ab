import { PassThrough, type Readable, Writable } from 'node:stream'

import packageJson from '../../package.json' with { type: 'json' }
import { openApp, openDatabase } from '../../src/app.ts'
import type { Host } from '../../src/cli/host.ts'
import { runCli } from '../../src/cli/run.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Environment } from '../../src/kernel/config.ts'
import { modules } from '../../src/modules/index.ts'
import type { CliResult } from './run-cli.ts'

/** The host of the product itself, as the entry point makes it. */
const host: Host = {
  version: packageJson.version,
  operations: modules.flatMap((module) => module.operations),
  modules,
  openApp,
  openDatabase,
}

export type RunningHere = {
  done: Promise<CliResult>
  /** Resolves with the first line of standard output; rejects when the command ends without one. */
  firstLine: Promise<string>
  stdin: PassThrough
  /** What was written to standard output so far. */
  stdout(): string
  signal(): void
}

/** Runs a command line in this process, with the real application beneath it; `isTerminal` as for a person who types. */
export function startHere(
  argv: string[],
  env: Environment,
  stdin?: string,
  { isTerminal = false } = {},
): RunningHere {
  const handlers = new Set<() => void>()
  const input = new PassThrough()
  if (stdin !== undefined) input.end(stdin)
  const stdout = collect()
  const stderr = collect()
  const terminal: Terminal = {
    stdin: Object.assign(input as Readable, { isTTY: isTerminal }),
    stdout: Object.assign(stdout.stream, { isTTY: isTerminal }),
    stderr: stderr.stream,
    env,
    cwd: process.cwd(),
    clock: systemClock,
    onSignal: (handler) => {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    exit: () => undefined,
  }
  const done = runCli(argv, host, terminal).then((code) => {
    stdout.line.reject(new Error(`the command ended with ${code} and printed no line: ${stderr.text()}`))
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() }
  })
  return {
    done,
    firstLine: stdout.line.promise,
    stdin: input,
    stdout: () => stdout.text(),
    signal: () => {
      for (const handler of handlers) handler()
    },
  }
}

function collect() {
  let text = ''
  const line = Promise.withResolvers<string>()
  line.promise.catch(() => undefined)
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString()
      if (text.includes('\n')) line.resolve(text.slice(0, text.indexOf('\n')))
      done()
    },
  })
  return { stream, line, text: () => text }
}
