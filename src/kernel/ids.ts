import { randomFillSync } from 'node:crypto'

const random = new Uint8Array(10)
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
  randomFillSync(random)
  const time = lastMs.toString(16).padStart(12, '0')
  const sequence = (0x7000 | counter).toString(16)
  const variant = (0x80 | (random[0]! & 0x3f)).toString(16)
  const tail = Buffer.from(random.buffer, 1, 7).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text has the form of a UUID of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
