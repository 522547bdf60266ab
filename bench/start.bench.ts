import { round, summarise, FOR_INFORMATION, type BenchResult } from './support/measure.ts'
import { makeHome, startServer } from './support/server-process.ts'

const RUNS = 5
const FIRST_BAR_MS = 15_000
const BAR_MS = 3_000

/** `robbieverse start` on a home that was started before, until /readyz answers 200; the embedded database. */
export async function startBench(): Promise<BenchResult[]> {
  const home = makeHome()
  try {
    const [first] = await timeStarts(home.folder, 1, 'SIGTERM')
    const again = await timeStarts(home.folder, RUNS, 'SIGTERM')
    // The start before the first of these was stopped well: it does not count.
    const recovering = (await timeStarts(home.folder, RUNS + 1, 'SIGKILL')).slice(1)
    const figure = median(again)
    return [
      {
        bench: 'second start to /readyz, milliseconds, median',
        backend: 'embedded',
        measured: { runs: again },
        figure,
        bar: `<= ${BAR_MS}`,
        holds: figure <= BAR_MS,
      },
      {
        bench: 'first start to /readyz, milliseconds',
        backend: 'embedded',
        measured: { runs: [first] },
        figure: first!.ms,
        bar: `<= ${FIRST_BAR_MS}`,
        holds: first!.ms <= FIRST_BAR_MS,
      },
      {
        bench: 'start after kill -9 to /readyz, milliseconds, median',
        backend: 'embedded',
        measured: { runs: recovering },
        figure: median(recovering),
        bar: FOR_INFORMATION,
        holds: true,
      },
    ]
  } finally {
    home.remove()
  }
}

type Start = { ms: number; processorMs: number }

const median = (starts: Start[]) => summarise(starts.map(({ ms }) => ms)).p50

/** Starts it `runs` times, each until it is ready, and ends it with the signal. */
async function timeStarts(home: string, runs: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<Start[]> {
  const starts: Start[] = []
  for (let run = 0; run < runs; run++) {
    const server = await startServer(home)
    await server.end(signal)
    starts.push({ ms: round(server.startedInMs), processorMs: server.processorMs })
  }
  return starts
}
