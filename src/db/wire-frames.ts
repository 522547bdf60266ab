/** Messages that the server answers as a whole, and the type of the last one. */
export type Batch = { last: string; bytes: Uint8Array<ArrayBuffer> }

/**
 * Cuts a stream of PostgreSQL frontend messages into batches that the server answers as a whole.
 * A batch ends with a message after which the client waits: Query, Sync, Flush, CopyDone, CopyFail, a password,
 * Terminate, or the untyped start-up message. Giving the engine half a message would hang it.
 */
export class WireFrames {
  #pending: Buffer = Buffer.alloc(0)
  #isStarted = false

  /** Adds bytes and returns the batches they complete, each with the type of its last message. */
  push(bytes: Buffer): Batch[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const batches: Batch[] = []
    let start = 0
    let offset = 0
    for (;;) {
      const header = this.#isStarted ? 1 : 0
      if (this.#pending.length - offset < header + 4) break
      const end = offset + header + this.#pending.readUInt32BE(offset + header)
      if (end > this.#pending.length) break
      const type = header === 0 ? 'startup' : String.fromCharCode(this.#pending[offset]!)
      this.#isStarted = true
      offset = end
      if (ENDS_BATCH.has(type)) {
        // Nothing but the bytes: a Buffer is a view of a pool, and to move it would take the whole pool along.
        batches.push({ last: type, bytes: new Uint8Array(this.#pending.subarray(start, end)) })
        start = end
      }
    }
    this.#pending = this.#pending.subarray(start)
    return batches
  }
}

/** ReadyForQuery up to its last byte, the state of the transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5])
const ENDS_BATCH = new Set(['startup', 'Q', 'S', 'H', 'c', 'f', 'p', 'X'])

/**
 * Whether `reply` is what the server owes for a batch that ends with `last`: after a Query or Sync it says that it is
 * ready, or waits for the data of a COPY. A statement that was to be executed is complete, or failed: of one that trapped
 * PGlite says that it was empty.
 */
export function isAnswered(last: string, reply: Uint8Array | undefined): boolean {
  if (last !== 'Q' && last !== 'S') return true
  if (!reply) return false
  const bytes = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength)
  const isReady = bytes.subarray(-READY.length - 1, -1).equals(READY)
  if (isReady && last === 'Q') return true
  const types = new Set<string>()
  let type = ''
  for (let offset = 0; offset + 5 <= bytes.length; offset += 1 + bytes.readUInt32BE(offset + 1)) {
    type = String.fromCharCode(bytes[offset]!)
    types.add(type)
  }
  return isReady ? !types.has('I') : type === 'G'
}
