import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { loadModule, parseSync } from 'libpg-query'

import { analyse } from '../src/estate/analyse/index.ts'
import { decode } from '../src/estate/analyse/inventory/decode.ts'
import { walkFiles } from '../src/estate/analyse/inventory/walk.ts'
import type { Analysis } from '../src/estate/analyse/finding.ts'
import { makeEstate } from './support/made-estate.ts'
import { FOR_INFORMATION, inTurns, round, summarise, type BenchResult } from './support/measure.ts'
import { residentMiB } from './support/process-usage.ts'
import { benchServer, createDatabase } from './support/bench-app.ts'

const FILES = 1_000
const ROUNDS = 5
const TEST_ESTATE = fileURLToPath(new URL('../test/golden/analyse/estate', import.meta.url))
const request = (path: string) => ({
  paths: [path],
  services: [],
  database: null,
  signal: new AbortController().signal,
})

/**
 * The analyser without its scratch database against libpg-query parsing the same files; the whole of it, as a process of
 * its own, on 1,000 files; and its scratch database against `psql -f` of the same files.
 */
export async function analyseBench(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-bench-'))
  try {
    makeEstate(folder, { files: FILES, seed: 1 })
    return [...(await againstParser(folder)), ...(await asProcess(folder)), await againstPsql()]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function againstParser(folder: string): Promise<BenchResult[]> {
  await loadModule()
  const texts = walkFiles([folder]).files.map(({ absolute }) => readFileSync(absolute, 'utf8'))
  let analysis: Analysis
  const { ours, bare } = await inTurns(ROUNDS, 1, {
    ours: async () => (analysis = await analyse(request(folder), { scratch: null })),
    bare: () => Promise.resolve(texts.forEach((text) => parseSync(text))),
  })
  const { statements } = analysis!.summary
  const perSecond = round((statements * 1000) / ours.p50, 0)
  const times = round(ours.p50 / bare.p50)
  return [
    {
      bench: `static analysis of ${FILES} files, statements a second`,
      backend: 'embedded',
      measured: { statements, ours },
      figure: perSecond,
      bar: '>= 2000',
      holds: perSecond >= 2000,
    },
    {
      bench: `static analysis of ${FILES} files, against libpg-query parsing the same text`,
      backend: 'embedded',
      measured: { ours, bare },
      figure: times,
      bar: '<= 4',
      holds: times <= 4,
    },
  ]
}

/** As a user runs it: start, scratch database and report included. */
async function asProcess(folder: string): Promise<BenchResult[]> {
  const bin = fileURLToPath(new URL('../bin/robbieverse.mjs', import.meta.url))
  const start = performance.now()
  const child = spawn(process.execPath, [bin, 'analyze', folder, '--json', '--fail-on', 'never'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, residentOf(child.pid!))), 20)
  let written = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text))
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(watch)
  const seconds = round((performance.now() - start) / 1000)
  if (code !== 0) throw new Error(`analyze ended with ${code}`)
  const { statements } = (JSON.parse(written) as Analysis).summary
  return [
    {
      bench: `robbieverse analyze of ${FILES} files, seconds`,
      backend: 'embedded',
      measured: { statements },
      figure: seconds,
      bar: '<= 30',
      holds: seconds <= 30,
    },
    {
      bench: `robbieverse analyze of ${FILES} files, most resident memory, MiB`,
      backend: 'embedded',
      measured: {},
      figure: round(peak, 0),
      bar: '<= 500',
      holds: peak <= 500,
    },
  ]
}

/** 0 when it is gone. */
function residentOf(pid: number): number {
  try {
    return residentMiB(pid)
  } catch {
    return 0
  }
}

/** The test estate: all its sources tried one by one here, and by psql in a database of a real server, errors and all. */
async function againstPsql(): Promise<BenchResult> {
  const server = await benchServer()
  const files = walkFiles([TEST_ESTATE]).files.filter(({ kind }) => kind === 'sql')
  const text = files.map(({ absolute }) => decode(readFileSync(absolute)).text).join('\n')
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let turn = 0; turn < 3; turn++) {
    const name = new URL(await createDatabase()).pathname.slice(1)
    const begin = performance.now()
    await server.exec(['psql', '-X', '-q', '-d', name, '-f', '-'], { input: text })
    times.bare.push(performance.now() - begin)
    const start = performance.now()
    await analyse(request(TEST_ESTATE))
    times.ours.push(performance.now() - start)
  }
  const [ours, bare] = [summarise(times.ours), summarise(times.bare)]
  return {
    bench: 'analysis of the test estate with its scratch database, against psql -f of its files',
    backend: 'server',
    measured: { ours, bare },
    figure: round(ours.p50 / bare.p50),
    bar: FOR_INFORMATION,
    holds: true,
  }
}
