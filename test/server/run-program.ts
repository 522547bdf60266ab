import { spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { ExecResult } from './test-server.ts'

export interface RunOptions {
  input?: string | Uint8Array
  /** The whole environment; the caller's own by default. */
  env?: NodeJS.ProcessEnv
  /** Ends the program with SIGTERM, then SIGKILL 5 s later; the code is then 124. */
  timeoutMs?: number
  /** An open file descriptor that the program gets as its number 3. */
  descriptor?: number
}

/** Runs a program to its end and collects what it wrote. Code 127: not found; 124: out of time; 128: a signal. */
export function runProgram(command: readonly string[], options: RunOptions = {}): Promise<ExecResult> {
  const [program = '', ...args] = command
  const stdio: StdioOptions = ['pipe', 'pipe', 'pipe']
  if (options.descriptor !== undefined) stdio.push(options.descriptor)
  const child = spawn(program, args, { stdio, env: options.env ?? process.env })
  return collect(child, program, options)
}

function collect(child: ChildProcess, program: string, options: RunOptions): Promise<ExecResult> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  // A program that ends before it has read everything breaks the pipe; its exit code tells the story.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const limit = timeLimit(child, options.timeoutMs)
  return new Promise((resolve) => {
    const finish = (code: number, note: string): void => {
      limit.clear()
      const bytes = Buffer.concat(out)
      resolve({ stdout: bytes.toString(), stderr: Buffer.concat(err).toString() + note, code, bytes })
    }
    child.once('error', (error) => finish(127, `${program}: ${error.message}`))
    child.once('close', (code, signal) => {
      if (limit.passed()) finish(124, `${program}: ended after ${options.timeoutMs} ms`)
      else finish(code ?? 128, signal ? `${program}: ended by ${signal}` : '')
    })
  })
}

function timeLimit(child: ChildProcess, timeoutMs: number | undefined) {
  let passed = false
  let last: NodeJS.Timeout | undefined
  const first =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          passed = true
          child.kill('SIGTERM')
          last = setTimeout(() => child.kill('SIGKILL'), 5000)
        }, timeoutMs)
  return {
    passed: () => passed,
    clear() {
      clearTimeout(first)
      clearTimeout(last)
    },
  }
}

/** Like `runProgram`, but a code other than 0 throws an error with the command and the end of what it wrote. */
export async function mustRun(command: readonly string[], options: RunOptions = {}): Promise<ExecResult> {
  const result = await runProgram(command, options)
  if (result.code === 0) return result
  const written = lastLines(`${result.stdout}\n${result.stderr}`, 12)
  throw new Error(`\`${command.join(' ')}\` ended with code ${result.code}: ${written}`)
}

/** The last `count` non-empty lines of a text. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-count).join('\n')
}
