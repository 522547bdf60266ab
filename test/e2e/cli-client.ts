import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { makeDoor, type Input, type TestDoor } from './door.ts'
import type { Home } from './home.ts'

const program = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))

export type Finished = { code: number | null; stdout: string; stderr: string }

/** Runs one command line of robbieverse to its end. */
export function runCommand(
  env: Record<string, string>,
  args: readonly string[],
  options: { stdin?: string; signal?: AbortSignal } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env, stdio: 'pipe' })
    const finished: Finished = { code: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (finished.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (finished.stderr += text))
    options.signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...finished, code }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.stdin ?? '')
  })
}

/** The words and flags by which a person types an operation and its input. */
export function toArguments(operation: string, input: Input): string[] {
  const words = operation.replaceAll('_', '-').split('.')
  const flags = Object.entries(input).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    const isTexts =
      Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === 'string')
    const texts = isTexts ? (value as string[]) : [typeof value === 'string' ? value : JSON.stringify(value)]
    // `=` keeps a value from being read as a flag, `@@` from being read as the name of a file.
    return texts.map((text) => `${flag}=${text.startsWith('@') ? `@${text}` : text}`)
  })
  return [...words, ...flags]
}

/** The command line of a home, a process for each call. */
export function openCli(home: Home, key: string | null = null): TestDoor {
  const env = { ...home.env, ...(key === null ? {} : { ROBBIEVERSE_API_KEY: key }) }
  return makeDoor(
    'cli',
    async (operation, input = {}, options = {}) => {
      const { idempotencyKey } = options
      const extra = idempotencyKey === undefined ? [] : ['--idempotency-key', idempotencyKey]
      const { code, stdout, stderr } = await runCommand(env, [
        ...toArguments(operation, input),
        ...extra,
        '--json',
      ])
      if (code === 0) return { ok: true, value: JSON.parse(stdout) }
      // Warnings of the runtime may come before it; the problem document is the last line.
      return { ok: false, problem: JSON.parse(stderr.trim().split('\n').at(-1)!) }
    },
    async () => undefined,
  )
}
