import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'

import type { WorkerReply, WorkerRequest } from './pglite.worker.ts'
import { WireFrames, type Batch } from './wire-frames.ts'

type EngineRequest = { kind: 'batches'; batches: Batch[] } | { kind: 'reset' | 'close' }
type Waiting = { resolve(bytes: Uint8Array | undefined): void; reject(error: Error): void }

export type EmbeddedOptions = {
  /** Folder of the data; null keeps everything in memory. */
  dataDir: string | null
  /** A data folder as tar (PGlite's dump), restored into a fresh engine; for tests. */
  image?: Uint8Array
  /** Whether the extensions that PostgreSQL ships can be created, beside pgvector. */
  withContrib?: boolean
  /** After this long one statement ends the engine, unless `limitStatements` says otherwise. */
  maxStatementMs: number
  /** Asked before each start of the thread; throws when this process may not open the folder any more. */
  mayStart?: () => void
}

/** The data folder could not be opened; says which and why. The next request tries again. */
export class EmbeddedStartError extends Error {
  readonly code = 'EMBEDDED_START_FAILED'
  readonly folder: string | null

  constructor(folder: string | null, cause: unknown) {
    // The engine throws objects of its file system, which are no errors.
    const why = cause instanceof Error ? cause.message : JSON.stringify(cause)
    super(`The embedded database${folder === null ? '' : ` in ${folder}`} cannot be opened: ${why}`, {
      cause,
    })
    this.folder = folder
  }
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
  /** The thread, from its start on; null when none was asked for, or the last one ended. */
  #worker: Promise<Worker> | null = null
  /** The thread while it answers. */
  #running: Worker | null = null
  /** Settles when the thread before this one is gone: two engines on one folder would corrupt it. */
  #previous: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | null = null
  #nextId = 1
  #limitMs: number

  constructor(options: EmbeddedOptions) {
    this.#options = options
    this.#limitMs = options.maxStatementMs
  }

  /** Whether requests are answered now. */
  get isOpen(): boolean {
    return this.#running !== null && this.#closing === null
  }

  /** Opens the data folder if it is not. Throws `EmbeddedStartError`. */
  async open(): Promise<void> {
    if (this.#closing) throw new Error('the embedded database is closed')
    await this.#open()
  }

  /** A socket for one node-postgres client. PGlite is one session: use one client at a time. */
  openStream(): EngineStream {
    return new EngineStream(this)
  }

  /** Lets statements take `ms` from now on, until the returned function is called. */
  limitStatements(ms: number): () => void {
    this.#limitMs = ms
    return () => (this.#limitMs = this.#options.maxStatementMs)
  }

  /** Begins a fresh session for the stream, which ends with the thread. */
  async connect(stream: EngineStream): Promise<void> {
    await this.request({ kind: 'reset' })
    this.#connected.add(stream)
  }

  disconnect(stream: EngineStream): void {
    this.#connected.delete(stream)
  }

  /** Ends a thread that is of no use any more; the next request opens the folder anew. */
  fail(why: string): void {
    if (this.#running) this.#abort(this.#running, new Error(`the embedded database ended: ${why}`))
  }

  /**
   * Runs one request in the worker, opening it when needed, after those that were made before. Its time counts from when
   * `before` settles: what it waits behind is not its own. Rejects when the engine ends meanwhile.
   */
  async request(
    request: EngineRequest,
    before: Promise<void> = Promise.resolve(),
  ): Promise<Uint8Array | undefined> {
    if (this.#closing && request.kind !== 'close') throw new Error('the embedded database is closed')
    const worker = await this.#open()
    const id = this.#nextId++
    const limit = this.#limit(worker, request.kind === 'batches' ? request.batches.length : 1, before)
    try {
      return await new Promise<Uint8Array | undefined>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        worker.ref()
        post(worker, id, request)
      })
    } finally {
      limit.lift()
      this.#waiting.delete(id)
      // An answer that is awaited keeps the process alive, and so must a thread that is being ended: without it the
      // process would go before those who wait for the end. An idle engine must not.
      if (this.#waiting.size === 0 && worker === this.#running) worker.unref()
    }
  }

  /** statement_timeout does not fire in PGlite: the thread cannot be interrupted, only ended. */
  #limit(worker: Worker, statements: number, before: Promise<void>): { lift(): void } {
    const limitMs = this.#limitMs
    let timer: NodeJS.Timeout | undefined
    let isLifted = false
    const end = () =>
      this.#abort(worker, new Error(`the statement ran longer than ${limitMs} ms and was ended`))
    void before.then(() => {
      if (!isLifted) timer = setTimeout(end, statements * limitMs).unref()
    })
    return {
      lift: () => {
        isLifted = true
        clearTimeout(timer)
      },
    }
  }

  /** Writes everything out and ends the thread. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const worker = await this.#worker?.catch(() => null)
    if (worker) {
      await this.request({ kind: 'close' }).catch(() => undefined)
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

  #abort(worker: Worker, error: Error): void {
    if (worker !== this.#running) return
    this.#previous = worker.terminate()
    this.#lose(error)
  }

  #start(): Promise<Worker> {
    const starting = this.#startWorker()
    const isCurrent = () => this.#worker === starting
    starting.then(
      (worker) => {
        this.#running = worker
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
    this.#options.mayStart?.()
    const { dataDir, image, withContrib } = this.#options
    try {
      if (dataDir !== null) await prepareFolder(dataDir)
      const worker = await startThread({ dataDir, image, withContrib })
      worker.on('message', (reply: WorkerReply) => this.#take(worker, reply))
      return worker
    } catch (error) {
      throw new EmbeddedStartError(dataDir, error)
    }
  }

  #take(worker: Worker, reply: WorkerReply): void {
    const { error } = reply
    if (error === undefined || reply.bytes) this.#waiting.get(reply.id)?.resolve(reply.bytes)
    // Errors of SQL are in the bytes. This one is the engine's own end: it would fail every request to come. Its last words
    // reach the client before the client is told that all is over.
    if (error !== undefined) setImmediate(() => worker === this.#running && this.fail(error))
  }

  #lose(error: Error): void {
    this.#worker = null
    this.#running = null
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
    // A client that went on in the new thread would be outside its transaction, with the deployer's rights.
    for (const stream of this.#connected) stream.destroy(error)
    this.#connected.clear()
  }
}

function post(worker: Worker, id: number, request: EngineRequest): void {
  const moved = request.kind === 'batches' ? request.batches.map(({ bytes }) => bytes.buffer) : []
  worker.postMessage({ id, ...request } satisfies WorkerRequest, moved)
}

/** Starts an engine, and resolves when it is open; one that cannot open is gone when this rejects. */
async function startThread(
  workerData: Pick<EmbeddedOptions, 'dataDir'> & {
    image?: EmbeddedOptions['image'] | undefined
    withContrib?: boolean | undefined
  },
): Promise<Worker> {
  const worker = new Worker(new URL('./pglite.worker.ts', import.meta.url), { workerData })
  try {
    await nextReply(worker)
    return worker
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

function nextReply(worker: Worker): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`its thread ended with code ${code}`)))
  })
}

/**
 * Makes the data folder where there is none. It is made beside its place and moved there when it is whole: one that was
 * begun and left, by a process that was killed, could never be opened.
 */
async function prepareFolder(folder: string): Promise<void> {
  makeFolder(folder)
  if (readdirSync(folder).length > 0) return
  const draft = `${folder}.new`
  rmSync(draft, { recursive: true, force: true })
  makeFolder(draft)
  const worker = await startThread({ dataDir: draft })
  try {
    const closed = nextReply(worker)
    post(worker, 0, { kind: 'close' })
    const { error } = await closed
    if (error !== undefined) throw new Error(error)
  } finally {
    await worker.terminate()
  }
  rmdirSync(folder)
  renameSync(draft, folder)
}

/** So that what the machine refuses is said in its own words and not by number. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
}

/** The socket that node-postgres sees: `connect` plus the duplex stream, nothing of the network. */
export class EngineStream extends Duplex {
  readonly #engine: EmbeddedEngine
  readonly #frames = new WireFrames()
  /** Settles when all that was asked is answered. */
  #answered: Promise<void> = Promise.resolve()

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
    const batches = this.#frames.push(bytes)
    // Terminate would end the engine itself: only this conversation is over.
    const isLast = batches.at(-1)?.last === 'X'
    if (isLast) batches.pop()
    // The thread answers in the order of asking, and has the next batches at hand when it is done with some.
    if (batches.length > 0) this.#answered = this.#run(batches, this.#answered)
    if (isLast) void this.#answered.then(() => this.#end())
  }

  #end(): void {
    if (this.destroyed) return
    this.push(null)
    this.destroy()
  }

  async #run(batches: Batch[], before: Promise<void>): Promise<void> {
    if (this.destroyed) return
    try {
      const reply = await this.#engine.request({ kind: 'batches', batches }, before)
      if (reply) this.push(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength))
    } catch (error) {
      this.destroy(error as Error)
    }
  }
}
