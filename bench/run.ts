import { contextBench } from './context.bench.ts'
import { deployBench } from './deploy.bench.ts'
import { ingestBench } from './ingest.bench.ts'
import { stopBenchServer } from './support/bench-app.ts'
import { memoryBench } from './memory.bench.ts'
import { readyBench } from './ready.bench.ts'
import { startBench } from './start.bench.ts'
import type { BenchResult } from './support/measure.ts'

// Usage: npm run bench [-- NAME...]. Prints one JSON object a line; absolute times depend on the machine, ratios do not.

const benches: Record<string, () => Promise<BenchResult[]>> = {
  context: contextBench,
  ingest: ingestBench,
  deploy: deployBench,
  start: startBench,
  memory: memoryBench,
  ready: readyBench,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
try {
  for (const [name, run] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const result of await run()) console.log(JSON.stringify(result))
  }
} finally {
  await stopBenchServer()
}
