import { randomFillSync } from 'node:crypto'

const RANDOM_BYTES = 8
// Drawn for many ids at a time: asking for random bytes is most of the cost of an id.
const random = new Uint8Array(256 * RANDOM_BYTES)
let used = random.length
let lastMs = 0
let counter = 0

/**
 * A UUID version 7 (RFC 9562, method 1): 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits.
 * Ids made by one process sort in the order of their making, also within one millisecond.
 */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = 0
  } else if (++counter > 0xfff) {
    // More than 4,096 ids in one millisecond: borrow the next one rather than lose the order.
    lastMs += 1
    counter = 0
  }
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const start = used
  used += RANDOM_BYTES
  const time = lastMs.toString(16).padStart(12, '0')
  const sequence = (0x7000 | counter).toString(16)
  const variant = (0x80 | (random[start]! & 0x3f)).toString(16)
  const tail = Buffer.from(random.buffer, start + 1, RANDOM_BYTES - 1).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text has the form of a UUID of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
