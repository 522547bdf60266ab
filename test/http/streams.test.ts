import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Problem } from '../../src/doors/problem.ts'
import { newId } from '../../src/kernel/ids.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { authenticate } from '../../src/modules/identity/index.ts'
import { readHead, recordAs, type Change } from '../../src/modules/journal/index.ts'
import { eachBackend } from '../support/backends.ts'
import { EventReader, type ReadEvent } from './event-reader.ts'
import { said } from './note-operations.ts'
import { openTestTown, send, type TestTown } from './test-town.ts'

eachBackend((backend) => {
  let town: TestTown

  beforeAll(async () => {
    town = await openTestTown(backend)
  })

  afterAll(async () => {
    await town.close()
  })

  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  /** Appends events as the owner, in one transaction; answers with the last sequence. */
  async function append(count: number, change: Partial<Change> = {}): Promise<number> {
    return town.database.transaction('write', async (tx) => {
      await authenticate(tx, { kind: 'key', key: town.owner.key }, new Date())
      for (let index = 0; index < count; index++) {
        const origin = { operation: 'test', requestId: 'test', interface: null, at: systemClock.now() }
        const about = {
          kind: 'note.created',
          entityKind: 'note',
          entityId: newId(),
          privacy: 'team',
        } as const
        await recordAs(tx, origin, { ...about, payload: { index }, ...change })
      }
      return readHead(tx)
    })
  }

  const listen = async (
    options: { key?: string; from?: number; address?: string; signal?: AbortSignal } = {},
  ) => {
    const { key = town.owner.key, from, address = town.address, signal } = options
    const response = await send(`${address}/v1/events`, 'GET', {
      key,
      ...(from === undefined ? {} : { headers: { 'last-event-id': String(from) } }),
      ...(signal ? { signal } : {}),
    })
    expect(response.status).toBe(200)
    return new EventReader(response)
  }

  const idsOf = (events: ReadEvent[]) => events.map((event) => Number(event.id))
  const upTo = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index)

  describe('a streamed answer', () => {
    const say = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      town.request('POST', `/v1/jottings/${newId()}/say`, { body, headers, ...(signal ? { signal } : {}) })

    it('comes as pieces and then as a whole', async () => {
      const response = await say({ text: 'good morning', stream: true })
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
      const events = await new EventReader(response).rest()
      expect(events.map(({ event }) => event)).toEqual(['text', 'text', 'done'])
      expect(events[1]!.data).toEqual({ text: 'morning' })
      expect(events[2]!.data).toMatchObject({ text: 'good morning' })
    })

    it('is asked for by Accept too, unless the body says no', async () => {
      const accept = { accept: 'text/event-stream, application/json' }
      expect((await say({ text: 'a' }, accept)).headers.get('content-type')).toMatch(/^text\/event-stream/)
      const whole = await say({ text: 'a', stream: false }, accept)
      expect(await whole.json()).toMatchObject({ text: 'a' })
      expect(await (await say({ text: 'a b' })).json()).toMatchObject({ text: 'a b' })
    })

    it('ends with the problem when it breaks off', async () => {
      const events = await new EventReader(await say({ text: 'so BREAK', stream: true })).rest()
      expect(events.map(({ event }) => event)).toEqual(['text', 'error'])
      expect(events[1]!.data).toMatchObject({ code: 'INTERNAL', status: 500 })
      expect(JSON.stringify(events)).not.toContain('the voice broke')
    })

    it('has a status of its own when it fails before the first piece', async () => {
      const early = await say({ text: 'BREAK', stream: true })
      expect(early.status).toBe(500)
      expect(((await early.json()) as Problem).code).toBe('INTERNAL')
      expect((await say({ text: 1, stream: true })).status).toBe(422)
      const unclear = await say({ text: 'a', stream: 'yes' })
      expect(((await unclear.json()) as Problem).errors?.[0]?.path).toBe('stream')
    })

    it('takes `stream` as an unknown field where nothing is streamed', async () => {
      const response = await town.request('POST', '/v1/jottings', { body: { text: 'a', stream: true } })
      expect(((await response.json()) as Problem).errors?.[0]?.path).toBe('stream')
    })

    it('gives a repeated request the answer it gave before', async () => {
      const path = `/v1/jottings/${newId()}/say`
      const options = { body: { text: 'only once', stream: true }, headers: { 'idempotency-key': newId() } }
      const first = await new EventReader(await town.request('POST', path, options)).rest()
      const again = await new EventReader(await town.request('POST', path, options)).rest()
      expect(again).toEqual([first.at(-1)])
    })

    it('is given up when the client goes away', async () => {
      const before = { ...said }
      const client = new AbortController()
      const reader = new EventReader(await say({ text: 'well WAIT', stream: true }, {}, client.signal))
      expect(await reader.next()).toMatchObject({ event: 'text', data: { text: 'well' } })
      client.abort()
      await until(() => said.abandoned > before.abandoned)
      expect(said.aborted).toBe(before.aborted + 1)
    })
  })

  describe('the event stream', () => {
    it('replays all of it from 0, and the rest from a sequence', async () => {
      const last = await append(3)
      const reader = await listen({ from: 0 })
      const events = await reader.take(last)
      expect(idsOf(events)).toEqual(upTo(1, last))
      expect(events.at(-1)).toMatchObject({
        event: 'note.created',
        data: { seq: last, payload: { index: 2 } },
      })
      await reader.cancel()
      const tail = await listen({ from: last - 1 })
      expect(idsOf(await tail.take(1))).toEqual([last])
      await tail.cancel()
    })

    it('begins now without a sequence, and goes on live', async () => {
      await append(2)
      const reader = await listen()
      const created = await town.request('POST', '/v1/jottings', {
        body: { text: 'live' },
        headers: { 'robbieverse-interface': 'phone' },
      })
      const { id, seq } = (await created.json()) as { id: string; seq: number }
      expect(await reader.next()).toMatchObject({
        id: String(seq),
        data: { entityId: id, interface: 'phone', operation: 'notes.create', userId: town.owner.userId },
      })
      await reader.cancel()
    })

    it('takes the sequence from the query where headers cannot be set', async () => {
      const last = await append(2)
      const response = await town.request('GET', `/v1/events?lastEventId=${last - 1}`)
      const reader = new EventReader(response)
      expect(idsOf(await reader.take(1))).toEqual([last])
      await reader.cancel()
    })

    it('goes from replay to live without a gap or a double', async () => {
      const last = await append(450)
      const reader = await listen({ from: 0 })
      const appending = (async () => {
        for (let round = 0; round < 10; round++) await append(5)
      })()
      const events = await reader.take(last + 50)
      await appending
      expect(idsOf(events)).toEqual(upTo(1, last + 50))
      await reader.cancel()
    })

    it('sends what the reader may not see as bare numbers', async () => {
      const guest = await town.addMember('readonly')
      const from = await append(1, { privacy: 'team' })
      await append(1, { privacy: 'public' })
      await append(1, { privacy: 'private' })
      await append(1, { privacy: 'boss_only' })
      const reader = await listen({ key: guest.key, from: from - 1 })
      const events = await reader.take(4)
      expect(idsOf(events)).toEqual(upTo(from, from + 3))
      expect(events.map(({ event }) => event)).toEqual(['hidden', 'note.created', 'hidden', 'hidden'])
      expect(events[0]!.data).toEqual({})
      await reader.cancel()
    })

    it('hides the events of personalities that a limited key is not made for', async () => {
      const [own, foreign] = [newId(), newId()]
      const { key } = await town.addKey(town.owner.userId, { personalities: ['robbie-f'] })
      const server = await town.serve({ personalityIds: async () => [own] })
      const from = await append(1, { personalityId: own })
      await append(1, { personalityId: foreign })
      await append(1)
      const events = await (await listen({ key, from: from - 1, address: server.address })).take(3)
      expect(events.map(({ event }) => event)).toEqual(['note.created', 'hidden', 'note.created'])
      const unknowing = await (await listen({ key, from: from - 1 })).take(3)
      expect(unknowing.map(({ event }) => event)).toEqual(['hidden', 'hidden', 'note.created'])
      await server.close()
    })

    it('ends when the key is revoked', async () => {
      const { key, id } = await town.addKey(town.owner.userId)
      const reader = await listen({ key })
      const seq = await append(1)
      expect(await reader.next()).toMatchObject({ id: String(seq) })
      expect((await town.request('DELETE', `/v1/api-keys/${id}`)).status).toBe(200)
      expect(await reader.next()).toMatchObject({
        event: 'error',
        data: { code: 'API_KEY_REVOKED', status: 401 },
      })
      expect(await reader.next()).toBeUndefined()
    })

    it('shows life while idle, and ends when the key expires without any event', async () => {
      let now = new Date()
      const server = await town.serve({ clock: { now: () => now }, heartbeatMs: 20 })
      const { key } = await town.addKey(town.owner.userId, { expiresAt: new Date(now.getTime() + 60_000) })
      const reader = await listen({ key, address: server.address })
      const next = reader.next()
      await until(() => reader.comments > 3)
      now = new Date(now.getTime() + 61_000)
      expect(await next).toMatchObject({ event: 'error', data: { code: 'API_KEY_EXPIRED' } })
      await server.close()
    })

    it('refuses a sequence that is none, or lies ahead of the town', async () => {
      for (const id of ['abc', '-1', '1.5', '', '99999999999999999999']) {
        const response = await town.request('GET', '/v1/events', { headers: { 'last-event-id': id } })
        expect({ id, status: response.status, problem: (await response.json()) as Problem }).toMatchObject({
          status: 400,
          problem: { code: 'INVALID_LAST_EVENT_ID' },
        })
      }
      const ahead = await town.request('GET', '/v1/events', { headers: { 'last-event-id': '100000000' } })
      expect(ahead.status).toBe(400)
    })

    it('asks for a key that is made for it', async () => {
      expect((await town.request('GET', '/v1/events', { key: null })).status).toBe(401)
      expect((await town.request('GET', '/v1/events', { key: 'rv_nope' })).status).toBe(401)
      const { key } = await town.addKey(town.owner.userId, { operations: ['identity.*'] })
      const refused = await town.request('GET', '/v1/events', { key })
      expect(((await refused.json()) as Problem).code).toBe('KEY_SCOPE')
    })

    it('gives 100 clients at once every event once, in order', async () => {
      const server = await town.serve()
      const first = (await append(1)) + 1
      const keys = [town.owner.key, (await town.addMember('user')).key, (await town.addMember('admin')).key]
      const readers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => listen({ key: keys[index % 3]!, address: server.address })),
      )
      const writing = (async () => {
        for (let round = 0; round < 20; round++) await append(10)
      })()
      const received = await Promise.all(readers.map((reader) => reader.take(200)))
      await writing
      for (const events of received) expect(idsOf(events)).toEqual(upTo(first, first + 199))
      const metrics = await (await send(`${server.address}/metrics`, 'GET', {})).text()
      expect(metrics).toMatch(/^robbieverse_event_stream_clients 100$/m)
      await Promise.all(readers.map((reader) => reader.cancel()))
      await server.close()
    })

    it('reads no further than a slow client does', async () => {
      let reads = 0
      const counting: typeof town.database = {
        ...town.database,
        transaction: (mode, work) => {
          reads += 1
          return town.database.transaction(mode, work)
        },
      }
      const server = await town.serve({ database: counting })
      const response = await send(`${server.address}/v1/events`, 'GET', { key: town.owner.key })
      // More than the buffers of a socket hold.
      const last = await append(500, { payload: { filler: 'x'.repeat(40_000) } })
      let readsWhileStalled = -1
      while (readsWhileStalled !== reads) {
        readsWhileStalled = reads
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      const events = await new EventReader(response).take(500)
      expect(idsOf(events)).toEqual(upTo(last - 499, last))
      expect(reads).toBeGreaterThan(readsWhileStalled)
      await server.close()
    })

    it('catches up after the database connection was lost', async () => {
      let reconnected = () => undefined as void
      const silent = {
        ...town.database,
        listen: async () => async () => undefined,
        onReconnect: (handler: () => void) => {
          reconnected = handler
          return () => undefined
        },
      }
      const server = await town.serve({ database: silent })
      const reader = await listen({ address: server.address })
      const seq = await append(1)
      reconnected()
      expect(await reader.next()).toMatchObject({ id: String(seq) })
      await server.close()
    })

    it('ends when the server closes', async () => {
      const server = await town.serve()
      const reader = await listen({ address: server.address })
      await server.close()
      expect(await reader.rest()).toEqual([])
      await expect(send(`${server.address}/healthz`, 'GET', {})).rejects.toThrow('fetch failed')
    })

    it('waits for a request that runs when the server closes', async () => {
      const server = await town.serve()
      const response = await send(`${server.address}/v1/jottings/${newId()}/say`, 'POST', {
        key: town.owner.key,
        body: { text: 'a b c', stream: true },
      })
      const [events] = await Promise.all([new EventReader(response).rest(), server.close()])
      expect(events.at(-1)?.event).toBe('done')
    })
  })
})
