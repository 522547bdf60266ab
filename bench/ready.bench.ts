import type { Backend } from '../src/db/database.ts'
import type { Home } from '../test/e2e/home.ts'
import { startApp, type RunningApp } from '../test/e2e/running-app.ts'
import { createDatabase } from './support/bench-app.ts'
import { createHistory } from './support/history.ts'
import { round, summarise, type BenchResult, type Times } from './support/measure.ts'
import { makeHome } from './support/server-process.ts'

const PROBES = 100
const EVERY_MS = 45
const BAR_MS = 100
const QUERY_SECONDS = 6
const BATCH = 1_000

/** How long /readyz takes, asked from another process, while one query runs for seconds and while much is stored. */
export async function readyBench(): Promise<BenchResult[]> {
  return [...(await readyOn('embedded')), ...(await readyOn('server'))]
}

async function readyOn(backend: Backend): Promise<BenchResult[]> {
  const { folder, remove } = makeHome()
  const url = backend === 'server' ? await createDatabase() : null
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: url ?? '',
    ROBBIEVERSE_HOME: folder,
    ROBBIEVERSE_PORT: '0',
    ROBBIEVERSE_LOG: 'error',
  }
  const home: Home = { backend, folder, url, env, remove: async () => remove() }
  const app = await startApp(home)
  try {
    const idle = await probe(app.address)
    const query = await whileRunning(app.address, () => runLongQuery(app))
    const writing = await whileWriting(app)
    return [
      toResult(backend, { during: 'one long query', probed: query, idle }),
      toResult(backend, {
        during: `appends of ${BATCH} messages and recall, back to back`,
        probed: writing,
        idle,
      }),
    ]
  } finally {
    await app.stop()
    await home.remove()
  }
}

type Probed = { times: Times; max: number; notReady: number }

/** Asks on a schedule, without waiting for the answer before: a stall shows in every probe that falls into it. */
async function probe(address: string): Promise<Probed> {
  const start = performance.now()
  const answers = await Promise.all(
    Array.from({ length: PROBES }, async (_, index) => {
      await delay(start + index * EVERY_MS - performance.now())
      const asked = performance.now()
      const response = await fetch(`${address}/readyz`)
      await response.arrayBuffer()
      return { ms: performance.now() - asked, status: response.status }
    }),
  )
  const samples = answers.map((answer) => answer.ms)
  return {
    times: summarise(samples),
    max: round(Math.max(...samples)),
    notReady: answers.filter((answer) => answer.status !== 200).length,
  }
}

/** Probes while `work` runs. Throws when it was over before the last probe: then nothing was measured. */
async function whileRunning(address: string, work: () => Promise<unknown>): Promise<Probed> {
  let isOver = false
  const running = work().finally(() => (isOver = true))
  await delay(200)
  const probed = await probe(address)
  if (isOver) throw new Error('the work was over before the last probe')
  await running
  return probed
}

/** One statement on the server's own connection, as an index build or a report would be. */
function runLongQuery(app: RunningApp): Promise<unknown> {
  return app.query(`
    do $$ begin
      while clock_timestamp() < statement_timestamp() + interval '${QUERY_SECONDS} seconds' loop
        perform sum(i) from generate_series(1, 10000) i;
      end loop;
    end $$`)
}

async function whileWriting(app: RunningApp): Promise<Probed> {
  const history = createHistory(5)
  const call = async (method: 'GET' | 'POST', path: string, body?: string): Promise<string> => {
    const headers = { authorization: `Bearer ${app.ownerKey}`, 'content-type': 'application/json' }
    const response = await fetch(`${app.address}${path}`, { method, headers, ...(body ? { body } : {}) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return text
  }
  const { id } = JSON.parse(await call('POST', '/v1/conversations', '{"personality":"robbie-m"}'))
  const body = JSON.stringify({
    messages: Array.from({ length: BATCH }, (_, line) => ({
      role: 'user',
      at: new Date(Date.UTC(2025, 0, 1) + line * 60_000).toISOString(),
      content: history.line(),
    })),
  })
  let isEnough = false
  const repeat = async (work: () => Promise<unknown>) => {
    // oxlint-disable-next-line eslint/no-unmodified-loop-condition -- set below, when the probes are done
    while (!isEnough) await work()
  }
  const work = () =>
    Promise.all([
      repeat(() => call('POST', `/v1/conversations/${id}/messages/bulk`, body)),
      repeat(() => call('GET', `/v1/memories/recall?q=${encodeURIComponent(history.question())}`)),
    ])
  return whileRunning(app.address, async () => {
    void delay(PROBES * EVERY_MS + 2_000).then(() => (isEnough = true))
    await work()
  })
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}

function toResult(
  backend: Backend,
  { during, probed, idle }: { during: string; probed: Probed; idle: Probed },
): BenchResult {
  return {
    bench: `/readyz during ${during}, slowest of ${PROBES}, milliseconds`,
    backend,
    measured: { ...probed, idle },
    figure: probed.max,
    bar: `<= ${BAR_MS}`,
    holds: probed.max <= BAR_MS && probed.notReady === 0,
  }
}
