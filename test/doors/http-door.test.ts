import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { CallRequest } from '../../src/doors/door.ts'
import { HttpDoor } from '../../src/doors/http-door.ts'
import type { StreamEvent } from '../../src/kernel/context.ts'
import { RobbieError } from '../../src/kernel/errors.ts'
import { openRecordingServer, recordedOperations, type RecordingServer } from './recording-server.ts'

let server: RecordingServer
let door: HttpDoor

beforeAll(async () => {
  server = await openRecordingServer()
  door = new HttpDoor({ address: server.address, operations: recordedOperations })
})
afterAll(() => server.close())
beforeEach(() => {
  server.calls.length = 0
  server.answer = async () => ({})
})

const request = (operation: string, input: unknown, more: Partial<CallRequest> = {}): CallRequest => ({
  operation,
  input,
  credential: { kind: 'key', key: 'rv_test' },
  requestId: 'request-1',
  signal: new AbortController().signal,
  ...more,
})

/** A server that says what the test says, for what ours never would. */
async function withServer(
  answer: (response: ServerResponse) => void,
  work: (other: HttpDoor) => Promise<void>,
) {
  const other: Server = createServer((_, response) => answer(response))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  try {
    await work(new HttpDoor({ address: `http://127.0.0.1:${port}`, operations: recordedOperations }))
  } finally {
    other.closeAllConnections()
    await new Promise((resolve) => other.close(resolve))
  }
}

const wellFormed = fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed())
const ids = fc.constantFrom('a', 'a/b', '../x', '..x', '%2e%2e', 'é ?#&=+', '日本', '{id}', '1')

describe('a call over HTTP', () => {
  it('arrives as it was made, in the path, the query and the body', async () => {
    const input = fc.record(
      {
        id: ids,
        text: wellFormed,
        count: fc.integer(),
        isOn: fc.boolean(),
        tags: fc.array(wellFormed),
        card: fc.dictionary(wellFormed, fc.jsonValue()),
        avatar: fc.constantFrom('null?', '👩‍💼'),
      },
      { requiredKeys: ['id'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...recordedOperations), input, async (operation, value) => {
        const plain = JSON.parse(JSON.stringify(value))
        await door.call(request(operation.id, plain))
        const arrived = server.calls.at(-1)!
        expect(arrived.operation).toBe(operation.id)
        expect(arrived.input).toEqual(plain)
      }),
      { numRuns: 200 },
    )
  })

  it('carries who calls, from where, and the keys of the request', async () => {
    const more = {
      idempotencyKey: 'once-1',
      interface: 'cli',
      credential: { kind: 'key', key: 'k', town: 'home' } as const,
    }
    await door.call(request('things.put', { id: 'a' }, more))
    expect(server.calls[0]).toMatchObject({ ...more, requestId: 'request-1' })
  })

  it('carries null to a field that takes it', async () => {
    await door.call(request('things.change', { id: 'a', avatar: null }))
    expect(server.calls[0]!.input).toEqual({ id: 'a', avatar: null })
  })

  it.each(['.', '..', '', undefined, '\ud800', { a: 1 }])('never sends %j as part of a path', async (id) => {
    const calling = door.call(request('things.drop', { id }))
    await expect(calling).rejects.toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'id' }] })
    expect(server.calls).toEqual([])
  })

  it('refuses unknown operations and idempotency keys that no header can hold', async () => {
    await expect(door.call(request('things.none', {}))).rejects.toMatchObject({ code: 'UNKNOWN_OPERATION' })
    const calling = door.call(request('things.put', { id: 'a' }, { idempotencyKey: 'a\r\nb: c' }))
    await expect(calling).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(server.calls).toEqual([])
  })
})

describe('an error over HTTP', () => {
  it('is the same error on this side', async () => {
    const error = new RobbieError('THING_STALE', 409, 'Read it „again“.', {
      data: { current: 3, names: ['a'] },
      fields: [{ path: 'version', message: 'is stale' }],
    })
    server.answer = () => Promise.reject(error)
    const caught = await door.call(request('things.put', { id: 'a' })).catch((thrown: unknown) => thrown)
    expect(caught).toBeInstanceOf(RobbieError)
    const { code, status, message, data, fields } = caught as RobbieError
    expect({ code, status, message, data, fields }).toEqual({
      code: error.code,
      status: error.status,
      message: error.message,
      data: error.data,
      fields: error.fields,
    })
  })

  it('of the server itself keeps its text to itself', async () => {
    server.answer = () => Promise.reject(new Error('secret detail'))
    const calling = door.call(request('things.get', { id: 'a' }))
    await expect(calling).rejects.toMatchObject({
      code: 'INTERNAL',
      status: 500,
      message: expect.not.stringContaining('secret'),
    })
  })

  it('is SERVER_UNREACHABLE when nobody listens, so that repeating is safe', async () => {
    const closed = await openRecordingServer()
    await closed.close()
    const other = new HttpDoor({ address: closed.address, operations: recordedOperations })
    await expect(other.call(request('things.get', { id: 'a' }))).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
  })

  it('is SERVER_CONNECTION_LOST when the answer stops coming', async () => {
    await withServer(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        response.write('{"a":', () => response.destroy())
      },
      async (other) => {
        const calling = other.call(request('things.get', { id: 'a' }))
        await expect(calling).rejects.toMatchObject({ code: 'SERVER_CONNECTION_LOST' })
      },
    )
  })

  it.each([
    ['a page', 200, 'text/html', '<html>'],
    ['a page as error', 502, 'text/html', '<html>'],
    ['JSON that is no problem document', 500, 'application/json', '[1]'],
    ['null as error', 500, 'application/json', 'null'],
    ['a redirect', 302, 'text/plain', ''],
  ])('is SERVER_ANSWER_UNKNOWN for %s', async (_what, status, type, body) => {
    await withServer(
      (response) => response.writeHead(status, { 'content-type': type, location: server.address }).end(body),
      async (other) => {
        const calling = other.call(request('things.get', { id: 'a' }))
        await expect(calling).rejects.toMatchObject({ code: 'SERVER_ANSWER_UNKNOWN' })
      },
    )
    expect(server.calls).toEqual([])
  })
})

describe('a streamed call over HTTP', () => {
  const pieces: StreamEvent[] = [
    { type: 'start', data: { mood: 'playful' } },
    { type: 'text', data: { text: 'Hé\n' } },
    { type: 'text', data: { text: '日本' } },
  ]

  it('hands on every piece in order, then the whole', async () => {
    server.answer = async ({ onEvent }) => {
      for (const piece of pieces) onEvent?.(piece)
      return { reply: 'Hé\n日本' }
    }
    const seen: StreamEvent[] = []
    const onEvent = (event: StreamEvent) => void seen.push(event)
    expect(await door.call(request('things.put', { id: 'a' }, { onEvent }))).toEqual({ reply: 'Hé\n日本' })
    expect(seen).toEqual(pieces)
    expect(server.calls[0]!.input).toEqual({ id: 'a', stream: true })
  })

  it('rejects with the error that ended it, before or after the first piece', async () => {
    const error = new RobbieError('MODEL_FAILED', 502, 'No answer.', { data: { model: 'm' } })
    for (const before of [[], pieces]) {
      server.answer = async ({ onEvent }) => {
        for (const piece of before) onEvent?.(piece)
        throw error
      }
      const calling = door.call(request('things.put', { id: 'a' }, { onEvent: () => undefined }))
      await expect(calling).rejects.toMatchObject({ code: 'MODEL_FAILED', status: 502, data: { model: 'm' } })
    }
  })

  it('is lost when the stream ends without an answer', async () => {
    await withServer(
      (response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: text\ndata: {}\n\n'),
      async (other) => {
        const calling = other.call(request('things.put', { id: 'a' }, { onEvent: () => undefined }))
        await expect(calling).rejects.toMatchObject({ code: 'SERVER_CONNECTION_LOST' })
      },
    )
  })

  it('ends on both sides when it is cancelled here', async () => {
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    server.answer = ({ onEvent, signal }) => {
      onEvent?.(pieces[0]!)
      begun.resolve()
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          ended.resolve()
          reject(new Error('aborted'))
        })
      })
    }
    const controller = new AbortController()
    const calling = door.call(
      request('things.put', { id: 'a' }, { onEvent: () => undefined, signal: controller.signal }),
    )
    await begun.promise
    controller.abort()
    await expect(calling).rejects.toMatchObject({ code: 'CANCELLED' })
    await ended.promise
  })
})
