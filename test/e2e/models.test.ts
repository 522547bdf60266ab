import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { startAnthropic, startOpenAi, type ModelScript, type ModelServer } from '../support/model-servers.ts'
import type { Value } from './door.ts'
import { makeHome, type Home } from './home.ts'
import { openHttp, send } from './http-client.ts'
import { proves } from './proves.ts'
import { startApp, type RunningApp } from './running-app.ts'

type Setting = { home: Home; app: RunningApp; model: ModelServer; env: Record<string, string> }

const providers = [
  { provider: 'openai-compatible', start: startOpenAi, model: 'test-model' },
  { provider: 'anthropic', start: startAnthropic, model: 'anthropic:test-model' },
] as const

const failures: { what: string; script: ModelScript; code: string; status: number }[] = [
  { what: 'refuses the key', script: { kind: 'status', status: 401 }, code: 'MODEL_REFUSED', status: 502 },
  {
    what: 'knows no such model',
    script: { kind: 'status', status: 404 },
    code: 'MODEL_REFUSED',
    status: 502,
  },
  { what: 'limits the rate', script: { kind: 'status', status: 429 }, code: 'MODEL_BUSY', status: 429 },
  { what: 'fails', script: { kind: 'status', status: 500 }, code: 'MODEL_UNAVAILABLE', status: 503 },
  {
    what: 'is cut off before a word',
    script: { kind: 'cut', pieces: [] },
    code: 'MODEL_UNAVAILABLE',
    status: 503,
  },
  {
    what: 'is cut off in the middle',
    script: { kind: 'cut', pieces: ['Half of'] },
    code: 'MODEL_UNAVAILABLE',
    status: 503,
  },
  { what: 'answers nothing', script: { kind: 'pieces', pieces: [] }, code: 'MODEL_EMPTY', status: 502 },
  {
    what: 'answers white space',
    script: { kind: 'pieces', pieces: [' ', '\n'] },
    code: 'MODEL_EMPTY',
    status: 502,
  },
]

eachBackend((backend) => {
  describe.each(providers)('with a model of $provider', ({ provider, start, model: name }) => {
    let setting: Setting
    beforeAll(async () => {
      const model = await start()
      const home = await makeHome(backend)
      const env = {
        ROBBIEVERSE_MODEL: name,
        ROBBIEVERSE_MODEL_URL: model.url,
        ROBBIEVERSE_MODEL_KEY: 'sk-test',
        ROBBIEVERSE_LOG: 'silent',
      }
      setting = { home, model, env, app: await startApp(home, env) }
    })
    afterAll(async () => {
      await setting.app.stop()
      await setting.model.close()
      await setting.home.remove()
    })
    const http = () => openHttp(setting.app.address, setting.app.ownerKey)
    const begin = async () =>
      (await http().call('conversation.create', { personality: 'robbie-f' })).id as string
    const messages = async (id: string): Promise<Value[]> =>
      (await http().call('conversation.messages', { id })).items
    const post = (id: string, more: Record<string, unknown>, options = {}) =>
      send(
        setting.app.address,
        setting.app.ownerKey,
        'conversation.send',
        { id, content: 'Good morning, model.', ...more },
        options,
      )
    /** How much there is of everything that a reply would have written. */
    const counts = async () =>
      (
        await setting.app.query<Value>(
          `select (select count(*) from conversation.messages) as messages, (select count(*) from search.search_index) as entries,
             (select sum(event_seq)::bigint from journal.heads) as events,
             (select sum(message_count) from conversation.conversations) as counted`,
        )
      )[0]

    proves('model.stream', 'streams the reply in pieces and keeps what was streamed', async () => {
      const pieces = ['Good ', 'morning, ', 'Ada. ', 'How is the “engine”? ', '👩‍👩‍👧‍👦']
      setting.model.script = { kind: 'pieces', pieces }
      const id = await begin()
      const events = readEvents(await (await post(id, { stream: true })).text())
      expect(events.filter(({ event }) => event === 'text').map(({ data }) => data.text)).toEqual(pieces)
      const done = events.at(-1)!
      expect(done.event).toBe('done')
      expect(done.data.reply).toMatchObject({
        content: pieces.join(''),
        model: `${provider}:test-model`,
        status: 'complete',
      })
      expect(await messages(id)).toEqual([done.data.userMessage, done.data.reply])
      const { body, headers } = setting.model.requests.at(-1)!
      expect(body).toMatchObject({ model: 'test-model', stream: true })
      expect(JSON.stringify([body.system, body.messages])).toContain('Robbie')
      expect(body.messages.at(-1)!.role).toBe('user')
      expect(JSON.stringify(body.messages.at(-1))).toContain('Good morning, model.')
      expect(headers['authorization'] ?? headers['x-api-key']).toContain('sk-test')
    })

    it('keeps a reply with NUL and half characters as text that can be stored', async () => {
      setting.model.script = {
        kind: 'pieces',
        pieces: ['a\u0000b', '\ud83d', 'c', '\udc4d', ' d', '\ud83d', '\ude00'],
      }
      const id = await begin()
      const events = readEvents(await (await post(id, { stream: true })).text())
      const { reply } = events.at(-1)!.data
      expect(reply.content).toBe('a\ufffdb\ufffdc\ufffd d😀')
      expect((await messages(id))[1].content).toBe(reply.content)
    })

    for (const { what, script, code, status } of failures) {
      proves(
        'model.failure',
        `keeps the message when the model ${what}, and answers it once when it is sent again`,
        async () => {
          setting.model.script = script
          const id = await begin()
          const before = await counts()
          const idempotencyKey = randomUUID()
          const failed = await post(id, {}, { idempotencyKey })
          expect(await failed.json()).toMatchObject({ code, status })
          const [kept, ...more] = await messages(id)
          expect(more).toEqual([])
          expect(kept).toMatchObject({ role: 'user', content: 'Good morning, model.', status: 'unanswered' })
          const after = await counts()
          expect(after).toEqual({
            ...before,
            messages: before.messages + 1,
            entries: before.entries + 1,
            counted: before.counted + 1,
            // That it was said, and that nobody answered it.
            events: before.events + 2,
          })

          setting.model.script = { kind: 'pieces', pieces: ['At last.'] }
          const answers = await Promise.all([1, 2, 3].map(() => post(id, {}, { idempotencyKey })))
          const texts = await Promise.all(
            answers.filter((answer) => answer.ok).map((answer) => answer.text()),
          )
          expect(new Set(texts).size).toBe(1)
          expect(await (await post(id, {}, { idempotencyKey })).text()).toBe(texts[0])
          const items = await messages(id)
          expect(items.map((item) => [item.id, item.status, item.content])).toEqual([
            [kept.id, 'complete', 'Good morning, model.'],
            [JSON.parse(texts[0]!).reply.id, 'complete', 'At last.'],
          ])
        },
      )
    }

    it('tells a streaming client of a failure in the middle as an event', async () => {
      setting.model.script = { kind: 'cut', pieces: ['Half of'] }
      const id = await begin()
      const events = readEvents(await (await post(id, { stream: true })).text())
      expect(events.map(({ event }) => event)).toEqual(['start', 'text', 'error'])
      expect(events.at(-1)!.data).toMatchObject({ code: 'MODEL_UNAVAILABLE' })
      expect((await messages(id)).map((item) => item.status)).toEqual(['unanswered'])
    })

    it('tries again by itself when the rate is limited, and not when the request is refused', async () => {
      const id = await begin()
      for (const [status, tries] of [
        [429, 3],
        [401, 1],
      ] as const) {
        setting.model.script = { kind: 'status', status }
        const before = setting.model.requests.length
        await post(id, {})
        expect(setting.model.requests.length - before).toBe(tries)
      }
    })

    proves('model.cancel', 'lets the model go when the client goes away, streaming or not', async () => {
      for (const stream of [true, false]) {
        setting.model.script = { kind: 'hang', pieces: ['I am thinking'] }
        const id = await begin()
        const idempotencyKey = randomUUID()
        const away = new AbortController()
        const asked = post(id, stream ? { stream } : {}, { idempotencyKey, signal: away.signal })
        if (stream) await readUntil(await asked, 'I am thinking')
        else await untilPending(() => messages(id))
        away.abort()
        if (!stream) await expect(asked).rejects.toThrow()
        await setting.model.abandoned()
        await untilStatus(() => messages(id), 'unanswered')
        // Nobody else waited for it: other requests were answered all the time.
        setting.model.script = { kind: 'pieces', pieces: ['Here I am.'] }
        const again = await post(id, stream ? { stream: false } : {}, { idempotencyKey })
        expect(await again.json()).toMatchObject({ reply: { content: 'Here I am.' } })
        expect(await messages(id)).toHaveLength(2)
      }
    })

    it('holds nobody up while the model thinks', async () => {
      setting.model.script = { kind: 'hang', pieces: [] }
      const away = new AbortController()
      const asked = Promise.all(
        [1, 2, 3].map(async () => post(await begin(), {}, { signal: away.signal })),
      ).catch(() => undefined)
      while (setting.model.requests.length === 0) await http().call('identity.whoami')
      await http().call('memory.remember', { content: 'Meanwhile.' })
      expect((await http().call('platform.status')).queue.pendingReplies).toBeGreaterThan(0)
      away.abort()
      await asked
    })

    it('gives up a model that says nothing, or falls silent in the middle', async () => {
      await setting.app.stop()
      setting.app = await startApp(setting.home, { ...setting.env, ROBBIEVERSE_MODEL_TIMEOUT: '1' })
      for (const pieces of [[], ['I am thinking']]) {
        setting.model.script = { kind: 'hang', pieces }
        const id = await begin()
        expect(await (await post(id, {})).json()).toMatchObject({ code: 'MODEL_UNAVAILABLE', status: 503 })
        await setting.model.abandoned()
        expect((await messages(id)).map((item) => item.status)).toEqual(['unanswered'])
      }
      await setting.app.stop()
      setting.app = await startApp(setting.home, setting.env)
    })

    it('leaves no message waiting when it is stopped while the model thinks', async () => {
      setting.model.script = { kind: 'hang', pieces: ['I am thinking'] }
      const id = await begin()
      const asked = post(id, {}).catch(() => null)
      await untilPending(() => messages(id))
      await setting.app.stop()
      await asked
      setting.app = await startApp(setting.home, setting.env)
      expect((await messages(id)).map((item) => item.status)).toEqual(['unanswered'])
    })

    it('goes on with the message that was being answered when the server was killed', async () => {
      setting.model.script = { kind: 'hang', pieces: ['Interrupted'] }
      const id = await begin()
      const idempotencyKey = randomUUID()
      const asked = post(id, {}, { idempotencyKey }).catch(() => null)
      const kept = await untilPending(() => messages(id))
      await setting.app.kill()
      expect(await asked).toBeNull()
      setting.app = await startApp(setting.home, setting.env)
      expect((await messages(id)).map((item) => item.status)).toEqual(['pending'])
      setting.model.script = { kind: 'pieces', pieces: ['Resumed.'] }
      const answer = (await (await post(id, {}, { idempotencyKey })).json()) as Value
      expect(answer.userMessage.id).toBe(kept.id)
      expect((await messages(id)).map((item) => item.content)).toEqual(['Good morning, model.', 'Resumed.'])
    })
  })
})

function readEvents(text: string): { event: string; data: Value }[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event, data] = block.split('\n')
      return { event: event!.slice('event: '.length), data: JSON.parse(data!.slice('data: '.length)) }
    })
}

/** Reads a stream until the text stands in it, and leaves the rest. */
async function readUntil(response: Response, wanted: string): Promise<void> {
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes(wanted)) return
  }
  throw new Error(`the stream ended without ${wanted}: ${text}`)
}

async function untilPending(read: () => Promise<Value[]>): Promise<Value> {
  return untilStatus(read, 'pending')
}

async function untilStatus(read: () => Promise<Value[]>, status: string): Promise<Value> {
  for (;;) {
    const [first] = await read()
    if (first?.status === status) return first
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
