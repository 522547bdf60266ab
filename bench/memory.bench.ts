import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { createHistory } from './support/history.ts'
import { round, summarise, type BenchResult } from './support/measure.ts'
import { residentMiB } from './support/process-usage.ts'
import { makeHome, readOwnerKey, startServer, type ServerProcess } from './support/server-process.ts'

const MESSAGES = 10_000
/** Of these messages this many are said and answered over HTTP; the others are appended in bulk. */
const SAID = 200
const BULK = 500
const RUNS = 3
const REST_MS = 2_000
const BAR_MIB = 250

/** Resident memory of the server on the embedded database after 10,000 messages, above bare PGlite with as many. */
export async function memoryBench(): Promise<BenchResult[]> {
  const runs: { ready: number; ours: number; bare: number }[] = []
  // When the collector runs is chance: one process of the same work may hold a hundred MiB more than another.
  for (let run = 0; run < RUNS; run++) {
    const { ready, filled } = await measureServer()
    runs.push({ ready, ours: filled, bare: await measureBare() })
  }
  const median = (side: 'ours' | 'bare') => summarise(runs.map((run) => run[side])).p50
  const figure = round(median('ours') - median('bare'), 1)
  return [
    {
      bench: `resident memory after ${MESSAGES} messages above bare PGlite, MiB, medians`,
      backend: 'embedded',
      measured: { runs },
      figure,
      bar: `<= ${BAR_MIB}`,
      holds: figure <= BAR_MIB,
    },
  ]
}

/** MiB when it is ready, and after the messages and a rest. */
async function measureServer(): Promise<{ ready: number; filled: number }> {
  const home = makeHome()
  try {
    const server = await startServer(home.folder)
    try {
      const ready = round(residentMiB(server.pid), 1)
      await fill(server, readOwnerKey(home.folder))
      await rest()
      return { ready, filled: round(residentMiB(server.pid), 1) }
    } finally {
      await server.end('SIGTERM')
    }
  } finally {
    home.remove()
  }
}

async function fill(server: ServerProcess, key: string): Promise<void> {
  const history = createHistory(4)
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const response = await fetch(`${server.address}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const { id } = await post<{ id: string }>('/v1/conversations', { personality: 'robbie-m' })
  for (let count = 0; count < MESSAGES - SAID;) {
    const messages = Array.from({ length: Math.min(BULK, MESSAGES - SAID - count) }, (_, line) => ({
      role: line % 2 === 0 ? 'user' : 'assistant',
      at: new Date(Date.UTC(2025, 0, 1) + (count + line) * 60_000).toISOString(),
      content: history.line(),
    }))
    await post(`/v1/conversations/${id}/messages/bulk`, { messages })
    count += messages.length
  }
  // Each one is answered by the offline responder, which makes it two.
  for (let count = 0; count < SAID; count += 2) {
    await post(`/v1/conversations/${id}/messages`, { content: history.question() })
  }
}

async function measureBare(): Promise<number> {
  const home = makeHome()
  const script = fileURLToPath(new URL('./support/bare-pglite.ts', import.meta.url))
  const child = fork(script, [join(home.folder, 'data'), String(MESSAGES)], { execArgv: [] })
  const ended = once(child, 'exit')
  try {
    await Promise.race([
      once(child, 'message'),
      ended.then(([code]) => Promise.reject(new Error(`bare PGlite ended with ${code}`))),
    ])
    await rest()
    return round(residentMiB(child.pid!), 1)
  } finally {
    child.kill('SIGKILL')
    await ended
    home.remove()
  }
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST_MS))
}
