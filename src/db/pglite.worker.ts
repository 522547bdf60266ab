import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'

import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

import { contribExtensions } from './contrib.ts'
import { isAnswered, type Batch } from './wire-frames.ts'

/** What the main thread asks: run batches of the wire protocol, begin a fresh session, or shut down cleanly. */
export type WorkerRequest =
  | { id: number; kind: 'batches'; batches: Batch[] }
  | { id: number; kind: 'reset' | 'close' }
/** With an error the engine is of no use any more; the bytes are what it still said. */
export type WorkerReply = { id: number; bytes?: Uint8Array<ArrayBuffer>; error?: string }

const port = parentPort!
const { dataDir, image, withContrib } = workerData as {
  dataDir: string | null
  image?: Uint8Array<ArrayBuffer>
  withContrib?: boolean
}
// What is thrown away soon is not worth optimising for: compiled once, it takes 100 MB less and opens sooner.
if (withContrib)
  ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'].forEach((flag) => setFlagsFromString(flag))
/** What is thrown away soon is never recovered: its log would fill the memory that it stands in. */
const THROWN_AWAY = [
  'wal_level=minimal',
  'max_wal_senders=0',
  'full_page_writes=off',
  'max_wal_size=32MB',
  'min_wal_size=32MB',
  'synchronous_commit=off',
].flatMap((setting) => ['-c', setting])
const engine = await PGlite.create({
  ...(dataDir === null ? {} : { dataDir }),
  ...(image ? { loadDataDir: new Blob([image]) } : {}),
  extensions: { vector, ...(withContrib ? await contribExtensions() : {}) },
  // The image's own postgresql.conf is made for tiny hosts; this much keeps index builds and sorts in memory.
  startParams: [
    ...(PGlite.defaultStartParams ?? []),
    '-c',
    'work_mem=16MB',
    '-c',
    'maintenance_work_mem=64MB',
    ...(withContrib ? THROWN_AWAY : []),
  ],
})

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  switch (request.kind) {
    case 'batches':
      return { id: request.id, bytes: await runAll(request.batches), ...(end === null ? {} : { error: end }) }
    case 'reset':
      // PGlite is one session for ever: what a lost connection left open must not leak into the next one.
      await engine.exec('rollback')
      await engine.exec('discard all')
      return { id: request.id }
    case 'close':
      await engine.close()
      return { id: request.id }
  }
}

/** What ended the engine: what is already on its way must not run, a commit least of all. */
let end: string | null = null

/** The answers to batches, up to one that ends the engine. */
async function runAll(batches: Batch[]): Promise<Uint8Array<ArrayBuffer>> {
  if (end !== null) throw new Error(end)
  const parts: Uint8Array[] = []
  for (const batch of batches) {
    if (end === null) parts.push(await run(batch))
  }
  return joined(parts)
}

/** The answer to a batch. `execProtocolRaw` would parse it for nobody, and keep what it parsed for ever. */
async function run({ bytes, last }: Batch): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  // Each part is a view of the engine's own memory.
  await engine.execProtocolRawStream(bytes, { onRawData: (part) => parts.push(part.slice()) })
  const whole = joined(parts)
  // PGlite keeps the list until the next batch.
  parts.length = 0
  if (!isAnswered(last, whole)) end = 'it panicked'
  return whole
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

let turn = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  turn = turn.then(async () => {
    try {
      const reply = await answer(request)
      port.postMessage(reply, reply.bytes ? [reply.bytes.buffer] : [])
    } catch (error) {
      end ??= error instanceof Error ? error.message : String(error)
      port.postMessage({ id: request.id, error: end } satisfies WorkerReply)
    }
  })
})
port.postMessage({ id: 0 } satisfies WorkerReply)
