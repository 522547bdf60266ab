import type { Backend } from '../src/db/database.ts'
import { openBareRows, type Line } from './support/bare-rows.ts'
import { openBenchApp } from './support/bench-app.ts'
import { createHistory } from './support/history.ts'
import { inTurns, round, type BenchResult, type Times } from './support/measure.ts'

const SINGLES = { rounds: 2_000, warmUp: 500 }
const BATCHES = { rounds: 20, warmUp: 2 }
const BATCH = 500

/** Storing messages (message, event, index row), against bare inserts of the same three rows. */
export async function ingestBench(): Promise<BenchResult[]> {
  return [...(await ingestOn('server')), ...(await ingestOn('embedded'))]
}

async function ingestOn(backend: Backend): Promise<BenchResult[]> {
  const bench = await openBenchApp(backend)
  const bare = await openBareRows(bench, backend)
  const { id } = await bench.call('conversation.create', { personality: 'robbie-m' })
  const next = createLines()
  const sides = (count: number) => ({
    ours: () =>
      bench.call('conversation.append', {
        id,
        messages: next(count).map((line) => ({ ...line, at: line.at.toISOString() })),
      }),
    bare: () => bare.store(next(count)),
  })
  const singles = await inTurns(SINGLES.rounds, SINGLES.warmUp, sides(1))
  const batches = await inTurns(BATCHES.rounds, BATCHES.warmUp, sides(BATCH))
  await bare.close()
  await bench.close()
  return [
    toResult(backend, { name: 'message ingest, one a transaction', count: 1, times: singles }),
    toResult(backend, { name: `message ingest, ${BATCH} a transaction`, count: BATCH, times: batches }),
  ]
}

function createLines(): (count: number) => Line[] {
  const history = createHistory(2)
  let minute = Date.UTC(2025, 0, 1) / 60_000
  return (count) =>
    Array.from({ length: count }, () => ({
      role: minute % 2 === 0 ? 'user' : 'assistant',
      at: new Date(minute++ * 60_000),
      content: history.line(),
    }))
}

type Measured = { name: string; count: number; times: { ours: Times; bare: Times } }

function toResult(backend: Backend, { name, count, times: { ours, bare } }: Measured): BenchResult {
  const perSecond = (side: Times) => round((count * 1000) / side.mean, 1)
  const figure = round(bare.mean / ours.mean)
  return {
    bench: name,
    backend,
    measured: { oursPerSecond: perSecond(ours), barePerSecond: perSecond(bare), ours, bare },
    figure,
    bar: '>= 0.5',
    holds: figure >= 0.5,
  }
}
