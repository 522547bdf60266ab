import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WatchdogReport, WatchdogRequest, WatchdogTask } from './postgres-watchdog.ts'
import type { RunFolder } from './run-folder.ts'

/** One server process behind a watchdog, which ends it when this process ends, however that happens. */
export class WatchedServer {
  /** The file that the server and the watchdog write to. */
  readonly log: string
  readonly #watchdog: ChildProcess
  readonly #closed: Promise<void>
  #pid = 0
  #ending: string | undefined = 'has not been started'
  #changed = Promise.withResolvers<void>()
  #waiting = 0

  /** From here on the watchdog answers for `run`: it holds the lock, and removes the folder at the end. */
  constructor(run: RunFolder, command: string[], environment: Record<string, string>) {
    this.log = join(run.folder, 'postgres.log')
    this.#watchdog = spawnWatchdog(
      { command, environment, folder: run.folder },
      this.log,
      run.lock.descriptor,
    )
    run.lock.release()
    this.#watchdog.on('message', (report: WatchdogReport) => {
      if ('started' in report) this.#pid = report.started
      this.#change('started' in report ? undefined : report.ended)
    })
    this.#closed = new Promise((resolve) => {
      const gone = (how: string): void => {
        this.#change(this.#ending ?? how)
        resolve()
      }
      this.#watchdog.once('error', (error) => gone(`has no watchdog: ${error.message}`))
      this.#watchdog.once('exit', () => gone('has lost its watchdog'))
    })
  }

  /** Of the process started last. */
  get pid(): number {
    return this.#pid
  }

  /** Undefined while the server runs, then how it ended. */
  get ending(): string | undefined {
    return this.#ending
  }

  /** Starts the server; resolves when its process runs or could not be started, before it takes connections. */
  async start(): Promise<void> {
    await this.#awake(async () => {
      const next = this.#changed.promise
      this.#send('start')
      await Promise.race([next, this.#closed])
    })
  }

  /** Shuts down fast, with a checkpoint; resolves when the process has ended. */
  async shutDown(): Promise<void> {
    this.#send('shut down')
    await this.untilEnded()
  }

  async untilEnded(): Promise<void> {
    await this.#awake(async () => {
      while (this.#ending === undefined) await this.#changed.promise
    })
  }

  /** Ends the server at once, then the watchdog, which removes the run's folder. May be called twice. */
  async end(): Promise<void> {
    await this.#awake(async () => {
      if (this.#watchdog.connected) this.#watchdog.disconnect()
      await this.#closed
    })
  }

  #change(ending: string | undefined): void {
    this.#ending = ending
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #send(request: WatchdogRequest): void {
    // A failure to send means that the watchdog has gone, which its exit reports.
    if (this.#watchdog.connected) this.#watchdog.send(request, () => {})
  }

  /** The watchdog must not keep this process alive, except while somebody waits for it. */
  async #awake(work: () => Promise<void>): Promise<void> {
    this.#waiting += 1
    this.#watchdog.ref()
    this.#watchdog.channel?.ref()
    await work()
    this.#waiting -= 1
    if (this.#waiting > 0) return
    this.#watchdog.unref()
    this.#watchdog.channel?.unref()
  }
}

function spawnWatchdog(task: WatchdogTask, log: string, lock: number): ChildProcess {
  const logDescriptor = openSync(log, 'a', 0o600)
  const script = fileURLToPath(new URL('./postgres-watchdog.ts', import.meta.url))
  // A session of its own, so that Ctrl-C in the terminal reaches the tests only.
  const watchdog = spawn(process.execPath, [script, JSON.stringify(task)], {
    detached: true,
    stdio: ['ignore', logDescriptor, logDescriptor, 'ipc', lock],
    env: { PATH: process.env['PATH'] },
  })
  closeSync(logDescriptor)
  return watchdog
}
