import { parentPort, workerData } from 'node:worker_threads'

import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

/** What the main thread asks: run a batch of the wire protocol, begin a fresh session, or shut down cleanly. */
export type WorkerRequest = { id: number; kind: 'batch' | 'reset' | 'close'; bytes?: Uint8Array }
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
      return { id: request.id, bytes: await run(request.bytes!) }
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

/** The answer to a batch. `execProtocolRaw` would parse it for nobody, and keep what it parsed for ever. */
async function run(batch: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  // Each part is a view of the engine's own memory.
  await engine.execProtocolRawStream(batch, { onRawData: (part) => parts.push(part.slice()) })
  return new Uint8Array(Buffer.concat(parts))
}

let turn = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  turn = turn.then(async () => {
    try {
      const reply = await answer(request)
      port.postMessage(reply, reply.bytes ? [reply.bytes.buffer] : [])
    } catch (error) {
      port.postMessage({ id: request.id, error: String(error) } satisfies WorkerReply)
    }
  })
})
port.postMessage({ id: 0 } satisfies WorkerReply)
