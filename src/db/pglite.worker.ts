import { parentPort, workerData } from 'node:worker_threads'

import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

import { isAnswered } from './wire-frames.ts'

/** What the main thread asks: run a batch of the wire protocol, begin a fresh session, or shut down cleanly. */
export type WorkerRequest =
  | { id: number; kind: 'batch'; bytes: Uint8Array; last: string }
  | { id: number; kind: 'reset' | 'close' }
/** With an error the engine is of no use any more; the bytes are what it still said. */
export type WorkerReply = { id: number; bytes?: Uint8Array<ArrayBuffer>; error?: string }

const port = parentPort!
const { dataDir, image } = workerData as { dataDir: string | null; image?: Uint8Array<ArrayBuffer> }
const engine = await PGlite.create({
  ...(dataDir === null ? {} : { dataDir }),
  ...(image ? { loadDataDir: new Blob([image]) } : {}),
  extensions: { vector },
  // The image's own postgresql.conf is made for tiny hosts; this much keeps index builds and sorts in memory.
  startParams: [
    ...(PGlite.defaultStartParams ?? []),
    '-c',
    'work_mem=16MB',
    '-c',
    'maintenance_work_mem=64MB',
  ],
})

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  switch (request.kind) {
    case 'batch':
      return { id: request.id, bytes: await run(request), ...(end === null ? {} : { error: end }) }
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

/** The answer to a batch. `execProtocolRaw` would parse it for nobody, and keep what it parsed for ever. */
async function run({
  bytes,
  last,
}: Extract<WorkerRequest, { kind: 'batch' }>): Promise<Uint8Array<ArrayBuffer>> {
  if (end !== null) throw new Error(end)
  const parts: Uint8Array[] = []
  // Each part is a view of the engine's own memory.
  await engine.execProtocolRawStream(bytes, { onRawData: (part) => parts.push(part.slice()) })
  const answer = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  // Taken out of the list one by one: PGlite keeps it until the next batch.
  for (let part = parts.shift(); part; part = parts.shift()) {
    answer.set(part, offset)
    offset += part.length
  }
  if (!isAnswered(last, answer)) end = 'it panicked'
  return answer
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
