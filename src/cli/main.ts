import { readFileSync } from 'node:fs'

import packageJson from '../../package.json' with { type: 'json' }
import { systemClock } from '../kernel/clock.ts'
import { modules } from '../modules/index.ts'
import type { Host } from './host.ts'
import { runCli } from './run.ts'
import type { Terminal } from './terminal.ts'

// The one file of the command line that knows the composition root, loaded only by the commands that need it: help and
// calls that go through a running server do without the database and everything above it.
const host: Host = {
  version: packageJson.version,
  operations: modules.flatMap((module) => module.operations),
  modules,
  openApp: async (config, options) => (await import('../app.ts')).openApp(config, options),
  openDatabase: async (config, options) => (await import('../app.ts')).openDatabase(config, options),
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const PARENT_CHECK_MS = 500

/**
 * Calls `handler` when the npm or the launcher that started this process is gone. npm does not pass a SIGTERM on, and
 * nobody can pass on a SIGKILL: without this the server would outlive it and hold the home.
 */
function onOrphaned(handler: () => void): () => void {
  if (process.env['npm_lifecycle_event'] === undefined && process.env['ROBBIEVERSE_LAUNCHED'] !== '1')
    return () => {}
  const launchers = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === launchers) return
    clearInterval(timer)
    handler()
  }, PARENT_CHECK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** The parent and, where /proc tells it, the one above: npm runs its scripts in a shell, which outlives it. */
function ancestors(): string {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`
  } catch {
    return `${process.ppid}`
  }
}

const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  onSignal: (handler) => {
    for (const signal of SIGNALS) process.on(signal, handler)
    const forget = onOrphaned(handler)
    return () => {
      forget()
      for (const signal of SIGNALS) process.off(signal, handler)
    }
  },
  exit: (code) => process.exit(code),
}

// Unheard, a broken pipe would end the process in the middle of closing the database.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2), host, terminal)
// Everything is closed by now; if something is not, it must not keep the shell waiting.
setTimeout(() => process.exit(), 2_000).unref()
