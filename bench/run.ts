import { analyseBench } from './analyse.bench.ts'
import { contextBench } from './context.bench.ts'
import { deployBench } from './deploy.bench.ts'
import { ingestBench } from './ingest.bench.ts'
import { stopBenchServer } from './support/bench-app.ts'
import { memoryBench } from './memory.bench.ts'
import { readyBench } from './ready.bench.ts'
import { searchBench } from './search.bench.ts'
import { startBench } from './start.bench.ts'
import type { BenchResult } from './support/measure.ts'
import { upsertBench } from './upsert.bench.ts'

// Usage: npm run bench [-- NAME...]. Prints one JSON object a line; ends with 1 when a bar does not hold. See README.md.

const benches: Record<string, () => Promise<BenchResult[]>> = {
  context: contextBench,
  ingest: ingestBench,
  deploy: deployBench,
  start: startBench,
  memory: memoryBench,
  ready: readyBench,
  upsert: upsertBench,
  search: searchBench,
  analyse: analyseBench,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
const missed: string[] = []
try {
  for (const [name, run] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const result of await run()) {
      console.log(JSON.stringify(result))
      if (!result.holds)
        missed.push(`${result.bench} (${result.backend}): ${result.figure}, bar ${result.bar}`)
    }
  }
} finally {
  await stopBenchServer()
}
for (const line of missed) console.error(`does not hold: ${line}`)
if (missed.length > 0) process.exitCode = 1
