import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { Answer, Question, Started } from './app-process.ts'
import type { Home } from './home.ts'

export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: unknown[],
) => Promise<Row[]>

/** A server that runs on a home, in a process of its own. */
export type RunningApp = Started & {
  /** One statement as the deployer, a superuser, while the server runs. */
  query: Query
  /** What the process wrote to standard error so far: its log. */
  log(): string
  /** Ends it as Ctrl-C does, and waits. Throws when it did not end well. */
  stop(): Promise<void>
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>
}

/** Starts a server on `home`; resolves when it listens. `env` adds variables, as a model. */
export async function startApp(home: Home, env: Record<string, string> = {}): Promise<RunningApp> {
  const child = fork(fileURLToPath(new URL('./app-process.ts', import.meta.url)), [], {
    env: { ...home.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  })
  const written: string[] = []
  child.stderr!.setEncoding('utf8').on('data', (text: string) => written.push(text))
  const log = () => written.join('')
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const started = await new Promise<Started>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Started))
    void ended.then((code) =>
      reject(new Error(`the server ended with ${code} before it listened:\n${log()}`)),
    )
  })
  const query = makeQuery(child, ended)
  return {
    ...started,
    query,
    log,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await ended
      if (code !== 0) throw new Error(`the server ended with ${code}:\n${log()}`)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function makeQuery(child: ChildProcess, ended: Promise<unknown>): Query {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  void ended.then(() => {
    for (const [id, tell] of waiting) tell({ id, error: 'the server is gone' })
  })
  return async <Row extends object>(text: string, values: unknown[] = []) => {
    const id = ++last
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve)
      child.send({ id, text, values } satisfies Question)
    })
    if ('error' in answer) throw new Error(answer.error)
    return answer.rows as Row[]
  }
}
