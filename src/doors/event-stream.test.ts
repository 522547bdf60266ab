import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readEventStream, type ServerEvent } from './event-stream.ts'

async function read(bytes: Uint8Array, cuts: number[] = []): Promise<ServerEvent[]> {
  async function* chunks() {
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
    for (const [index, end] of places.slice(1).entries()) yield bytes.subarray(places[index], end)
  }
  const events: ServerEvent[] = []
  for await (const event of readEventStream(chunks())) events.push(event)
  return events
}

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}/gu, ''))

describe('an event stream', () => {
  it('is read the same however it is cut and whatever ends its lines', async () => {
    const event = fc.record({
      event: line.filter((text) => text !== ''),
      data: fc.array(line, { minLength: 1 }),
      id: line,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat()),
        async (events, end, cuts) => {
          const written = events.map(({ event: name, data, id }) =>
            [`event: ${name}`, ...data.map((text) => `data: ${text}`), ': comment', `id: ${id}`, '', ''].join(
              end,
            ),
          )
          const expected = events.map((item) => ({
            event: item.event,
            data: item.data.join('\n'),
            id: item.id,
          }))
          expect(await read(Buffer.from(written.join('')), cuts)).toEqual(expected)
        },
      ),
    )
  })

  it('drops what is unfinished at the end, comments and events without data', async () => {
    const text = ':\n\nevent: empty\n\ndata:no space\ndata\nunknown: 1\n\nevent: cut\ndata: off\n'
    expect(await read(Buffer.from(text))).toEqual([{ event: 'message', data: 'no space\n', id: null }])
  })

  it('keeps the last id for the events after it', async () => {
    expect(await read(Buffer.from('id: 7\ndata: a\n\ndata: b\n\n'))).toEqual([
      { event: 'message', data: 'a', id: '7' },
      { event: 'message', data: 'b', id: '7' },
    ])
  })
})
