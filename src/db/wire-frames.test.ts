import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { WireFrames } from './wire-frames.ts'

const message = (type: string, body: string) => {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(body))
  bytes.write(type)
  bytes.writeUInt32BE(4 + Buffer.byteLength(body), 1)
  bytes.write(body, 5)
  return bytes
}
const startup = message(' ', 'user').subarray(1)
const types = (batches: { last: string }[]) => batches.map((batch) => batch.last)

describe('a stream of frontend messages', () => {
  it('is cut after the messages that the client waits behind', () => {
    const frames = new WireFrames()
    const stream = Buffer.concat([
      startup,
      message('P', 'parse'),
      message('B', 'bind'),
      message('E', ''),
      message('S', ''),
      message('Q', 'select 1'),
    ])
    const batches = frames.push(stream)
    expect(types(batches)).toEqual(['startup', 'S', 'Q'])
    expect(Buffer.concat(batches.map((batch) => batch.bytes)).equals(stream)).toBe(true)
  })

  it('waits for the rest of a message', () => {
    const frames = new WireFrames()
    frames.push(startup)
    const query = message('Q', 'select 1')
    expect(frames.push(query.subarray(0, 3))).toEqual([])
    expect(frames.push(query.subarray(3, 7))).toEqual([])
    const [batch] = frames.push(query.subarray(7))
    expect(batch?.bytes).toEqual(new Uint8Array(query))
  })

  it('is cut alike however it arrives', () => {
    const kinds = fc.constantFrom('P', 'B', 'D', 'E', 'S', 'Q', 'H', 'd', 'c', 'f', 'X')
    const messages = fc.array(fc.tuple(kinds, fc.string({ maxLength: 40 })), { maxLength: 30 })
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (given, sizes) => {
        const stream = Buffer.concat([startup, ...given.map(([type, body]) => message(type, body))])
        const whole = new WireFrames().push(stream)
        const frames = new WireFrames()
        const pieces = []
        for (let start = 0; start < stream.length;) {
          const size = sizes.next().value
          pieces.push(...frames.push(stream.subarray(start, start + size)))
          start += size
        }
        expect(pieces.map((batch) => Buffer.from(batch.bytes).toString('hex'))).toEqual(
          whole.map((batch) => Buffer.from(batch.bytes).toString('hex')),
        )
        expect(types(pieces)).toEqual(types(whole))
      }),
    )
  })
})
