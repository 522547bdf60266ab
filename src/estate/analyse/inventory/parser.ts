import { Worker } from 'node:worker_threads'

import type { ParsableText, Parsed } from './parse-pieces.ts'
import { TOGETHER, type ParseReply, type ParseRequest } from './parse-protocol.ts'

/** A longer statement is not parsed: one of 5 MB costs the parser 624 MB, and one of 50 MB ends it. */
export const LONGEST_PARSED = 1024 * 1024
/** The thread's memory only grows: after this many characters it is begun anew. */
const REFRESH_AFTER = 48 * 1024 * 1024
const LONG_STATEMENT = 256 * 1024
const LIMIT_MS = 5_000

const lost = (line: number, message: string): Parsed => ({ statements: [], error: { message, line } })

/**
 * The server's parser in a thread that can be ended, since a text may take it too long or make it end. Use it from one
 * place at a time, and `close` it.
 */
export class Parser {
  #worker: Worker | null = null
  #characters = 0
  #count = 0

  /** One answer a text, in their order. Never rejects for what a user wrote. */
  async parse(texts: ParsableText[]): Promise<Parsed[]> {
    const done: Parsed[] = []
    // After an end they go one by one, so that the right one is blamed.
    let singlyUntil = 0
    while (done.length < texts.length) {
      const rest = texts.slice(done.length)
      const isSingly = done.length < singlyUntil || isLong(rest[0]!)
      const firstLong = rest.findIndex(isLong)
      const batch = isSingly ? [rest[0]!] : firstLong > 0 ? rest.slice(0, firstLong) : rest
      const { parsed, failure } = await this.#run(batch)
      for (const item of parsed) done.push(item)
      if (failure !== null && batch.length === 1) done.push(lost(batch[0]!.line, failure))
      else if (failure !== null) singlyUntil = done.length + TOGETHER
      await this.#refresh(batch)
    }
    return done
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  /** The answers to the first of these, and what ended the thread before it came to the others. */
  #run(batch: ParsableText[]): Promise<{ parsed: Parsed[]; failure: string | null }> {
    const isRunning = this.#worker !== null
    const worker = (this.#worker ??= new Worker(new URL('./parser.worker.ts', import.meta.url)))
    const id = (this.#count += 1)
    return new Promise((resolve) => {
      const parsed: Parsed[] = []
      let timer: NodeJS.Timeout | undefined
      const settle = (failure: string | null) => {
        clearTimeout(timer)
        worker.off('message', take).off('error', fail).off('exit', end)
        if (failure !== null) {
          this.#worker = null
          void worker.terminate()
        }
        resolve({ parsed, failure })
      }
      const wait = () => {
        clearTimeout(timer)
        timer = setTimeout(() => settle(`not parsed within ${LIMIT_MS / 1000} s`), LIMIT_MS)
      }
      const take = (reply: ParseReply | 'ready') => {
        // Only now its time counts: beginning may take long where others keep the machine busy.
        if (reply === 'ready') return wait()
        if (reply.id !== id) return
        for (const item of JSON.parse(reply.parsed) as Parsed[]) parsed.push(item)
        if (reply.isLast) settle(null)
        else wait()
      }
      const fail = (error: Error) => settle(`the parser ended: ${error.message}`)
      const end = (code: number) => settle(`the parser ended with code ${code}`)
      worker.on('message', take).on('error', fail).on('exit', end)
      if (isRunning) wait()
      worker.postMessage({ id, pieces: batch } satisfies ParseRequest)
    })
  }

  async #refresh(batch: ParsableText[]): Promise<void> {
    this.#characters += batch.reduce((sum, { parsable }) => sum + parsable.length, 0)
    if (this.#characters < REFRESH_AFTER && !isLong(batch[0]!)) return
    this.#characters = 0
    await this.close()
  }
}

const isLong = ({ parsable }: ParsableText) => parsable.length > LONG_STATEMENT
