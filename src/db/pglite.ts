import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'

import type { WorkerReply, WorkerRequest } from './pglite.worker.ts'
import { WireFrames } from './wire-frames.ts'

type Waiting = { resolve(bytes: Uint8Array | undefined): void; reject(error: Error): void }

export type EmbeddedOptions = {
  /** Folder of the data; null keeps everything in memory. */
  dataDir: string | null
  /** A data folder as tar (PGlite's dump), restored into a fresh engine; for tests. */
  image?: Uint8Array
  /** After this long one statement ends the engine: statement_timeout does not fire in PGlite. */
  maxStatementMs: number
}

/**
 * PGlite in a worker thread, spoken to in the PostgreSQL wire protocol through node-postgres, so that both back ends
 * share one driver: the same parameter encoding, value parsing, errors and notifications.
 * The thread can be ended in the middle of a statement; the next connection opens the data folder anew.
 */
export class EmbeddedEngine {
  readonly #options: EmbeddedOptions
  readonly #waiting = new Map<number, Waiting>()
  readonly #connected = new Set<EngineStream>()
  #worker: Promise<Worker> | null = null
  /** Settles when the thread before this one is gone: two engines on one folder would corrupt it. */
  #previous: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | null = null
  #nextId = 1

  constructor(options: EmbeddedOptions) {
    this.#options = options
  }

  /** A socket for one node-postgres client. PGlite is one session: use one client at a time. */
  openStream(): EngineStream {
    return new EngineStream(this)
  }

  /** Begins a fresh session for the stream, which ends with the thread. */
  async connect(stream: EngineStream): Promise<void> {
    await this.request('reset')
    this.#connected.add(stream)
  }

  disconnect(stream: EngineStream): void {
    this.#connected.delete(stream)
  }

  /** Runs one request in the worker, opening it when needed. Rejects when the engine ends meanwhile. */
  async request(kind: WorkerRequest['kind'], bytes?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#closing && kind !== 'close') throw new Error('the embedded database is closed')
    const worker = await this.#open()
    const id = this.#nextId++
    const timer = setTimeout(() => this.#abort(worker), this.#options.maxStatementMs)
    timer.unref()
    try {
      return await new Promise<Uint8Array | undefined>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        worker.ref()
        worker.postMessage({ id, kind, ...(bytes ? { bytes } : {}) } satisfies WorkerRequest)
      })
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
      // An answer that is awaited keeps the process alive; an idle engine must not.
      if (this.#waiting.size === 0) worker.unref()
    }
  }

  /** Writes everything out and ends the thread. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const worker = await this.#worker?.catch(() => null)
    if (worker) {
      await this.request('close').catch(() => undefined)
      await worker.terminate()
    }
    await this.#previous
  }

  /** The thread that runs now. Looks again after waiting: it may have ended meanwhile, and would never answer. */
  async #open(): Promise<Worker> {
    for (;;) {
      const opening = (this.#worker ??= this.#start())
      const worker = await opening
      if (this.#worker === opening) return worker
    }
  }

  #abort(worker: Worker): void {
    this.#previous = worker.terminate()
    this.#lose(new Error(`the statement ran longer than ${this.#options.maxStatementMs} ms and was ended`))
  }

  #start(): Promise<Worker> {
    const starting = this.#startWorker()
    const isCurrent = () => this.#worker === starting
    starting.then(
      (worker) => {
        worker.on('error', (error) => isCurrent() && this.#lose(error))
        worker.on('exit', () => isCurrent() && this.#lose(new Error('the embedded database ended')))
      },
      // A folder that could not be opened is tried again by the next request.
      () => isCurrent() && (this.#worker = null),
    )
    return starting
  }

  async #startWorker(): Promise<Worker> {
    await this.#previous
    const { dataDir, image } = this.#options
    const worker = new Worker(new URL('./pglite.worker.ts', import.meta.url), {
      workerData: { dataDir, image },
    })
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve())
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the embedded database ended with code ${code}`)))
    })
    worker.on('message', (reply: WorkerReply) => {
      const waiting = this.#waiting.get(reply.id)
      if (reply.error === undefined) waiting?.resolve(reply.bytes)
      else waiting?.reject(new Error(reply.error))
    })
    return worker
  }

  #lose(error: Error): void {
    this.#worker = null
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
    // A client that went on in the new thread would be outside its transaction, with the deployer's rights.
    for (const stream of this.#connected) stream.destroy(error)
    this.#connected.clear()
  }
}

/** The socket that node-postgres sees: `connect` plus the duplex stream, nothing of the network. */
export class EngineStream extends Duplex {
  readonly #engine: EmbeddedEngine
  readonly #frames = new WireFrames()
  #turn: Promise<void> = Promise.resolve()

  constructor(engine: EmbeddedEngine) {
    super()
    this.#engine = engine
  }

  connect(): this {
    this.#engine.connect(this).then(
      () => this.emit('connect'),
      (error: Error) => this.destroy(error),
    )
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#engine.disconnect(this)
    done(error)
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take(chunk)
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#take(Buffer.concat(chunks.map((part) => part.chunk)))
    done()
  }

  #take(bytes: Buffer): void {
    for (const batch of this.#frames.push(bytes)) {
      this.#turn = this.#turn.then(() => this.#run(batch))
    }
  }

  async #run(batch: { last: string; bytes: Buffer }): Promise<void> {
    if (this.destroyed) return
    if (batch.last === 'X') {
      // Terminate would end the engine itself: only this conversation is over.
      this.push(null)
      this.destroy()
      return
    }
    try {
      const reply = await this.#engine.request('batch', batch.bytes)
      if (reply) this.push(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength))
    } catch (error) {
      this.destroy(error as Error)
    }
  }
}
