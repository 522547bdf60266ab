// A process of its own between the tests and one PostgreSQL server. It starts and stops the server on request, and
// when the channel to its parent closes, for whatever reason, it ends the server and removes the run's folder.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { killPostmaster, removeOrphanedSegment } from './postmaster.ts'

/** The one argument, as JSON. `folder` holds the data directory `data`. */
export interface WatchdogTask {
  command: string[]
  environment: Record<string, string>
  folder: string
}

export type WatchdogRequest = 'start' | 'shut down'
export type WatchdogReport = { started: number } | { ended: string }

const task = JSON.parse(process.argv[2] ?? '') as WatchdogTask
let server: ChildProcess | undefined
let isEnding = false

function start(): void {
  if (server || isEnding) return
  const [program = '', ...args] = task.command
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: task.environment })
  server = child
  child.once('spawn', () => report({ started: child.pid ?? 0 }))
  child.once('error', (error) => gone(`could not start: ${error.message}`))
  child.once('exit', (code, signal) => gone(signal ? `was ended by ${signal}` : `ended with code ${code}`))
}

function gone(how: string): void {
  server = undefined
  report({ ended: how })
}

function report(message: WatchdogReport): void {
  if (process.connected) process.send?.(message, () => {})
}

async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  const running = server
  if (running?.pid !== undefined) {
    const { pid } = running
    const exit = new Promise((resolve) => running.once('exit', resolve))
    // Immediate shutdown, no checkpoint: the data are about to be removed.
    running.kill('SIGQUIT')
    const force = setTimeout(() => void killPostmaster(pid), 10_000)
    await exit
    clearTimeout(force)
  }
  await removeOrphanedSegment(join(task.folder, 'data'))
  await rm(task.folder, { recursive: true, force: true })
  process.exit(0)
}

process.on('message', (request: WatchdogRequest) => {
  if (request === 'start') start()
  else server?.kill('SIGINT')
})
process.on('disconnect', () => void end())
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end())
