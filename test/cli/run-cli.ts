import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))

export type CliResult = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

export type CliOptions = {
  stdin?: string
  env?: Record<string, string>
  /** The program that runs the launcher; the Node of this process when left out. */
  node?: string
  launcher?: string
}

export type RunningCli = {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  done: Promise<CliResult>
  /** Resolves with the first line of standard output; rejects when the process ends without one. */
  firstLine: Promise<string>
}

/** A home folder of its own, and the command line in processes of their own on it. */
export class CliHome {
  readonly home: string
  readonly #running = new Set<RunningCli>()

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'robbieverse-cli-'))
  }

  start(args: string[], options: CliOptions = {}): RunningCli {
    const { node = process.execPath, launcher = LAUNCHER, env = {}, stdin } = options
    const child = spawn(node, [launcher, ...args], {
      env: {
        PATH: process.env['PATH'],
        ROBBIEVERSE_HOME: this.home,
        ROBBIEVERSE_PORT: '0',
        TZ: 'UTC',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // A command that does not read its input may be gone before all of it is written.
    child.stdin.on('error', () => undefined)
    if (stdin !== undefined) child.stdin.end(stdin)
    const running = { child, ...watch(child) }
    this.#running.add(running)
    void running.done.then(() => this.#running.delete(running))
    return running
  }

  /** Runs a command to its end; its standard input is empty unless given. */
  run(args: string[], options: CliOptions = {}): Promise<CliResult> {
    return this.start(args, { stdin: '', ...options }).done
  }

  /** Runs a command with `--json` that must succeed, and answers what it printed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what an operation answers, read as each caller knows it
  async json<T = Record<string, any>>(args: string[], options: CliOptions = {}): Promise<T> {
    const result = await this.run([...args, '--json'], options)
    if (result.code !== 0) throw new Error(`${args.join(' ')} ended with ${result.code}: ${result.stderr}`)
    return JSON.parse(result.stdout) as T
  }

  async remove(): Promise<void> {
    for (const { child, done } of this.#running) {
      child.kill('SIGKILL')
      await done
    }
    rmSync(this.home, { recursive: true, force: true })
  }
}

function watch(child: RunningCli['child']): Omit<RunningCli, 'child'> {
  let stdout = ''
  let stderr = ''
  const line = Promise.withResolvers<string>()
  // A test that does not wait for the line must not fail for its absence.
  line.promise.catch(() => undefined)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.includes('\n')) line.resolve(stdout.slice(0, stdout.indexOf('\n')))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const done = once(child, 'close').then(([code, signal]) => {
    line.reject(new Error(`the command ended with ${code ?? signal} and printed no line: ${stderr}`))
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr }
  })
  return { done, firstLine: line.promise }
}
